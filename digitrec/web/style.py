"""The page's own style sheet.

Quiet colours are shares of the text's own colour, which Streamlit's theme gives; the accent
is legible on both grounds. So one sheet serves the light and the dark theme.
"""

ACCENT = "#2488ba"

STYLE = """
:root { --accent: ACCENT; }
.block-container, .stMainBlockContainer {
  padding: 4.2rem 2rem 2rem; max-width: 1080px;
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4rem 1rem 2rem; }
  .stColumn { min-width: 100%; }
  [data-testid="stHorizontalBlock"] { row-gap: 0.5rem; }
}
.answer { display: grid; gap: 0.4rem; }
.answer .headline { display: flex; align-items: center; gap: 1rem; height: 5.6rem; }
.answer .label {
  font-size: 5rem; font-weight: 700; line-height: 1; width: 3.4rem; text-align: center;
  color: var(--accent); font-variant-numeric: tabular-nums;
}
.answer.not-a-digit .label { color: inherit; opacity: 0.55; }
.answer.ambiguous .label {
  text-decoration: underline wavy 3px; text-underline-offset: 0.6rem;
}
.answer .words { font-size: 1.15rem; line-height: 1.35; }
.answer .words b { font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.answer table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: 0; }
.answer td, .answer th {
  border: 0; padding: 0 0.35rem; height: 1.35rem; font-variant-numeric: tabular-nums;
  font-weight: 400; line-height: 1.35rem;
}
.answer th { width: 1.6rem; text-align: center; }
.answer td.number { width: 5.2rem; white-space: nowrap; text-align: right; }
.answer .track {
  background: color-mix(in srgb, currentColor 9%, transparent); border-radius: 4px; height: 0.95rem;
  overflow: hidden;
}
.answer .bar {
  background: color-mix(in srgb, currentColor 45%, transparent); height: 100%;
}
.answer tr.winner th, .answer tr.winner td { font-weight: 700; }
.answer tr.winner .bar { background: var(--accent); }
.answer .axis { display: flex; justify-content: space-between; font-size: 0.8rem;
  margin: 0 5.55rem 0 2rem; opacity: 0.85; }
.strip { display: flex; align-items: center; gap: 0.6rem; min-height: 6.2rem; }
.strip figure { margin: 0; text-align: center; font-size: 0.85rem; }
.strip .frame {
  width: 84px; height: 84px; border-radius: 6px;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  display: flex; align-items: center; justify-content: center; overflow: hidden;
  background: #fff;
}
.strip .frame.seen { background: #000; }
.strip img { max-width: 100%; max-height: 100%; display: block; border-radius: 0; }
.strip .frame.seen img { width: 84px; height: 84px; image-rendering: pixelated; }
.strip .arrow { opacity: 0.7; padding-bottom: 1.2rem; }
.sr-only {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
.st-key-examples button { width: 60px; min-width: 60px; }
/* The theme's own grey for captions has too little contrast. */
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: inherit; opacity: 0.92;
}
""".replace("ACCENT", ACCENT)
