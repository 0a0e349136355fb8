"""The page's own style sheet.

Quiet colours are shares of the text's own colour, which Streamlit's theme gives; the accent
is legible on both grounds. So one sheet serves the light and the dark theme.
"""

from digitrec.web.size import HEIGHT, WIDTH

ACCENT = "#2488ba"
QUIET = "#7d8893"  # like the accent, it stands out from white and from near-black

STYLE = """
:root { --accent: ACCENT; }
.block-container, .stMainBlockContainer {
  padding: 4.2rem 2rem 2rem; max-width: 1160px;
}
/* Too narrow for canvas and answer side by side: the answer comes right under the canvas. */
@media (max-width: 1100px) {
  .stColumn { min-width: 100%; }
}
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 4rem 1rem 2rem; }
  [data-testid="stHorizontalBlock"] { row-gap: 0.5rem; }
}
/* The page Draw: what is drawn and asked on the left, what is answered on the right, row by row. */
.st-key-sheet.stVerticalBlock {
  display: grid; grid-template-columns: minmax(0, WIDTHfr) minmax(0, 472fr); gap: 1.5rem 4rem;
  grid-auto-flow: dense; align-items: start;
}
.st-key-sheet > :is(
  :has(.answer), :has(> .st-key-seen), .st-key-correcting, :has(> .st-key-correcting)
) { grid-column: 2; }
.st-key-sheet > * { grid-column: 1; }
.st-key-sheet > :has(.answer) { margin-top: -0.75rem; }  /* its label is as high as the canvas */
@media (max-width: 1100px) {
  .st-key-sheet.stVerticalBlock { display: flex; row-gap: 1rem; }
}
/* Canvas and boxes keep their size; where there is less room the middle of both is seen. */
.st-key-paper, .st-key-teach_paper { position: relative; max-width: 100%; overflow-x: clip; }
.st-key-paper > *, .st-key-teach_paper > * {
  width: WIDTHpx; min-width: WIDTHpx; max-width: none;
  margin-left: calc((min(100%, WIDTHpx) - WIDTHpx) / 2);
}
.st-key-paper > :last-child {
  position: absolute; top: 0; left: 0; pointer-events: none; z-index: 11;  /* the canvas has 10 */
}
@media (max-width: 640px) {
  /* The sides of the canvas' own border are out of sight. */
  .st-key-paper::after, .st-key-teach_paper::after {
    content: ""; position: absolute; inset: 0; pointer-events: none; z-index: 11;
    border-inline: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  }
}
.boxes { position: relative; width: WIDTHpx; height: HEIGHTpx; pointer-events: none; }
.box {
  position: absolute; border: 1.5px solid color-mix(in srgb, var(--accent) 75%, transparent);
  border-radius: 6px; box-sizing: border-box;
}
.box span {
  position: absolute; left: 0; right: 0; text-align: center; color: #176a95;
  font-size: 0.85rem; line-height: 18px; font-weight: 600; font-variant-numeric: tabular-nums;
}
.box.above span { bottom: 100%; }
.box.below span { top: 100%; }
.box.inside span { top: 0; text-align: left; padding-left: 4px; }
.box.not-a-digit { border: 1.5px dashed #7d878f; }
.box.not-a-digit span { color: #5c666e; }
.box.ambiguous { border-style: dotted; border-width: 2px; }
.answer { display: grid; gap: 0.4rem; grid-template-columns: minmax(0, 1fr); }
.answer .headline { display: flex; align-items: center; gap: 1rem; height: 5.6rem; }
.answer .label {
  font-size: 5rem; font-weight: 700; line-height: 1; width: 3.4rem; text-align: center;
  color: var(--accent); font-variant-numeric: tabular-nums;
}
/* A number has the place of three digits and gets smaller where it needs more. */
.answer.number .label {
  --room: 17rem; width: auto; max-width: var(--room); flex: none; max-height: 5.6rem;
  font-size: clamp(1.3rem, min(var(--room) / (0.6 * var(--chars)), 5.2rem / var(--lines)), 5rem);
  line-height: 1.05; overflow: hidden; overflow-wrap: anywhere; text-align: left;
  white-space: pre-wrap;
}
.answer.number i { font-style: normal; color: #87919a; }
.answer.number u {
  text-decoration: underline wavy 0.04em; text-underline-offset: 0.1em;
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
.answer > :last-child { height: 15.6rem; }  /* one digit's bars, a number's, and a scroll bar */
.answer .columns { overflow: auto hidden; scrollbar-width: thin; }
.answer .columns table { min-width: calc(1.6rem + var(--digits) * 2.9rem); }
.answer .columns td { padding: 0 0.25rem; }
.answer .columns td.winner .bar { background: var(--accent); }
.answer .columns tfoot td {
  font-size: 0.8rem; text-align: left; white-space: nowrap; overflow: hidden; opacity: 0.85;
}
.answer .axis { display: flex; justify-content: space-between; font-size: 0.8rem;
  margin: 0 5.55rem 0 2rem; opacity: 0.85; }
.strip { display: flex; align-items: center; gap: 0.6rem; min-height: 6.2rem; }
.strip figure { margin: 0; text-align: center; font-size: 0.85rem; }
.strip .frame {
  --side: 84px; width: var(--side); height: var(--side); border-radius: 6px;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); box-sizing: content-box;
  display: flex; align-items: center; justify-content: center; overflow: hidden;
  background: #fff;
}
.strip .frame.drawing { width: calc(var(--side) * WIDTH / HEIGHT); }
.strip .frame.seen { background: #000; }
.strip img { max-width: 100%; max-height: 100%; display: block; border-radius: 0; }
.strip .frame.drawing img { width: 100%; height: 100%; }
.strip .frame.seen img { width: 100%; height: 100%; image-rendering: pixelated; }
.strip .many { flex: 1; min-width: 0; text-align: left; }
.strip .tiles {
  display: flex; flex-wrap: wrap; gap: 4px; height: 86px; align-content: safe center;
  overflow-y: auto;
}
.strip .tiles .frame { --side: 38px; border-radius: 4px; border-width: 1px; }
.strip .tiles.some .frame { --side: 60px; }
.strip .tiles.few .frame { --side: 84px; border-radius: 6px; }
.strip .arrow { opacity: 0.7; padding-bottom: 1.2rem; }
/* What a click keeps, and what was kept. */
p.correcting { margin: 0; font-size: 0.95rem; line-height: 1.3; }
p.correcting.trouble { border-left: 3px solid #d95f02; padding-left: 0.5rem; }
.st-key-paper_learning_words { min-height: 2.9rem; gap: 0.2rem 0.6rem; flex-wrap: nowrap; }
.st-key-paper_learning_words button { min-height: 1.8rem; padding: 0 0.3rem; }
.st-key-seen { position: relative; }
.strip-title { font-size: 0.875rem; line-height: 1.8rem; padding-bottom: 0.4rem; }
.st-key-seen .st-key-download { position: absolute; top: 0; right: 0; width: auto; }
.st-key-seen button { min-height: 1.8rem; padding: 0; }
.st-key-corrections_head > div:first-child { flex: 1 1 14rem; }
.st-key-corrections_words { min-height: 2.2rem; gap: 0.2rem 0.6rem; }
.st-key-corrections_words button { min-height: 1.8rem; padding: 0 0.3rem; }
.st-key-corrections_actions { gap: 4px; }
.st-key-corrections_actions button { min-width: 36px; padding: 0 0.5rem; }
p.corrections-sum { margin: 0; overflow-wrap: anywhere; }
/* Teach: what is said, the row of digits, the answers without and with the samples. */
.teach h1 {
  font-size: 1.75rem; font-weight: 600; line-height: 1.2; margin: 0; padding: 0 0 0.4rem;
}
.teach p { margin: 0 0 1.2rem; line-height: 1.45; }  /* the canvas' tools come up below it */
.st-key-teach_controls { gap: 4px; min-height: 40px; max-width: 100%; }
.st-key-teach_controls button {
  min-width: 34px; min-height: 40px; padding: 0 0.2rem; font-variant-numeric: tabular-nums;
}
.st-key-teach_controls kbd { display: none; }  /* a digit's key is the digit */
.st-key-teach_controls > :first-child { flex: none; width: fit-content; }
p.teach-keep { margin: 0 0.4rem 0 0; white-space: nowrap; }
.st-key-teach_controls .st-key-teach_undo { margin-left: auto; }
.st-key-teach_controls :is(.st-key-teach_undo, .st-key-teach_clear) button { min-width: 52px; }
.st-key-teach_words { max-width: 100%; min-height: 1.8rem; gap: 0.2rem 0.6rem; }
.st-key-teach_words button { min-height: 1.8rem; padding: 0 0.3rem; }
.tryout { display: grid; grid-template-columns: 1fr 1fr; }
.tryout div {
  display: grid; grid-template-columns: auto 1fr; gap: 0 0.8rem; align-items: baseline;
}
.tryout span { grid-column: 1 / 3; font-size: 0.95rem; }
.tryout b {
  font-size: 3.6rem; font-weight: 700; line-height: 1.15; font-variant-numeric: tabular-nums;
  min-width: 2.2rem;
}
.tryout div + div b { color: var(--accent); }
.tryout small { font-size: 1.05rem; font-variant-numeric: tabular-nums; }
/* What the last training on corrections came to. */
table.retrained { border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.retrained th, table.retrained td {
  padding: 0.25rem 0.8rem 0.25rem 0; text-align: right; font-weight: 400; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent);
}
table.retrained th:first-child, table.retrained td:last-child { text-align: left; }
table.retrained thead th { font-size: 0.88rem; opacity: 0.85; }
@media (max-width: 640px) {
  .st-key-teach_controls > :first-child { flex: 1 0 100%; }
  .st-key-teach_controls > :not(:first-child) { flex: 1 0 calc(20% - 4px); }
  .st-key-teach_controls > :is(.st-key-teach_undo, .st-key-teach_clear) { flex-basis: 40%; }
  .st-key-teach_controls button { width: 100%; }
  .tryout b { font-size: 3rem; }
}
/* White on the dark theme's own light blue would be too faint. */
button[kind="primary"]:not(:disabled) { background: #0b6e99; border-color: #0b6e99; color: #fff; }
/* What is chosen and pointed at, too, keeps its words legible. */
.stButtonGroup button[data-variant][data-selected]:not([data-disabled]):is(
  [data-hovered], [data-focus-visible]
) {
  background: color-mix(in srgb, var(--accent) 12%, transparent);
}
/* See inside: the panels below the drawing. */
h2.inside { font-size: 1.25rem; font-weight: 600; margin: 0; padding: 0.6rem 0 0; }
h3.inside { font-size: 1.08rem; font-weight: 600; margin: 0; padding: 0.6rem 0 0.3rem; }
p.inside { margin: 0; line-height: 1.5; max-width: 62rem; }
.sr-only {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
@media (max-width: 640px) {
  .answer.number .label { --room: 10.5rem; }
  .strip { gap: 0.35rem; }
  .strip .frame { --side: 64px; }
  .strip .tiles { height: 66px; }
  .strip .tiles .frame { --side: 29px; }
  .strip .tiles.some .frame { --side: 40px; }
  .strip .tiles.few .frame { --side: 64px; }
  .answer.number .words { font-size: 1rem; }
}
/* What Streamlit says of a server that is gone is about Streamlit, and meant for developers. */
body:has(.stApp:is(
  [data-test-connection-state="PINGING_SERVER"], [data-test-connection-state="CONNECTING"]
)) [role=dialog]:not(:has(.stVerticalBlock)) > h2 + div {  /* none of the page's own */
  > * { display: none; }
  &::before {
    content: "The program that serves this page does not answer. Leave the page open: it goes on "
      "by itself as soon as there is an answer, and your drawing with it. If it ran on your own "
      "machine, start it again as you did before: make app, or digitrec serve.";
  }
}
/* The theme's own grey for captions has too little contrast. */
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: inherit; opacity: 0.92;
}
"""
for _name, _value in (("ACCENT", ACCENT), ("WIDTH", str(WIDTH)), ("HEIGHT", str(HEIGHT))):
    STYLE = STYLE.replace(_name, _value)
