"""The page "Data"'s own style sheet; colours follow the theme as in `web/style.py`."""

STYLE = """
.data-head h1 {
  font-size: 1.75rem; font-weight: 600; line-height: 1.2; margin: 0; padding: 0 0 0.4rem;
}
.data-head p { margin: 0; line-height: 1.45; }
h2.data { font-size: 1.15rem; font-weight: 600; margin: 0; padding: 0.4rem 0 0; }
p.data-about { margin: 0 0 0.4rem; font-size: 0.9rem; line-height: 1.45; max-width: 52rem; }
p.data-about a { color: inherit; }
p.data-none { margin: 0; padding: 0.6rem 0 0; font-size: 1.05rem; }
.data-offer { margin: 0; line-height: 1.5; max-width: 52rem; overflow-wrap: anywhere; }
.data-offer p { margin: 0; }
.data-offer ul { margin: 0.2rem 0 0; padding-left: 1.2rem; }
.data-offer code {
  font-size: 0.85em; padding: 0.1em 0.3em; border-radius: 4px; color: inherit;
  background: color-mix(in srgb, currentColor 7%, transparent);
}
p.data-count { margin: 0; font-variant-numeric: tabular-nums; }
.st-key-data_views { gap: 0.5rem 1.5rem; }
.st-key-data_answers { gap: 0.75rem 2rem; }
.st-key-data_filters button p { font-variant-numeric: tabular-nums; }
.st-key-data_words { min-height: 2.6rem; }
.st-key-data_words { gap: 0.2rem 1rem; }
.st-key-data_words > :first-child { flex: none; width: fit-content; }
img.data-digit {
  display: block; image-rendering: pixelated; background: #000; border-radius: 6px;
  width: 84px; height: 84px;
}
img.data-digit.large { width: 224px; height: 224px; }
img.data-digit.huge { width: 280px; height: 280px; }
.data-row { display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); gap: 12px; }
.data-row figure { margin: 0; display: grid; justify-items: center; gap: 0.2rem; }
.data-row figcaption { font-size: 1.1rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.data-closer { display: grid; grid-template-columns: 224px minmax(0, 1fr); gap: 0 2rem; }
.data-closer figure { margin: 0; display: grid; gap: 0.6rem; align-content: start; }
.data-closer figcaption { font-size: 1.15rem; }
p.data-verdict { margin: 0; font-size: 1.15rem; min-height: 1.7rem; }
.st-key-data_keys { gap: 4px; max-width: 100%; }
.st-key-data_keys button {
  min-width: 40px; min-height: 44px; padding: 0 0.2rem; font-variant-numeric: tabular-nums;
}
/* What was guessed stays to be seen when the keys are through. */
.st-key-data_keys button[kind="primary"]:disabled {
  background: color-mix(in srgb, var(--accent) 18%, transparent); opacity: 1;
  color: inherit; border: 2px solid var(--accent); font-weight: 700;
}
.st-key-data_keys kbd { display: none; }  /* a digit's key is the digit */
table.data-board { border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.data-board th {
  font-weight: 400; text-align: left; padding: 0 0.8rem 0 0; border: 0; white-space: nowrap;
}
table.data-board td { padding: 2px; border: 0; text-align: center; }
table.data-board td:last-child { padding-left: 0.6rem; min-width: 2rem; text-align: right; }
table.data-board span {
  display: block; width: 1.5rem; height: 1.5rem; line-height: 1.5rem; border-radius: 4px;
  background: color-mix(in srgb, currentColor 9%, transparent);
}
table.data-board span.yes { background: color-mix(in srgb, var(--accent) 30%, transparent); }
table.data-board span.no { box-shadow: inset 0 0 0 2px #d95f02; }
p.data-score { margin: 0; font-size: 1.25rem; }
.data-cards { gap: 16px 12px; }
.data-cards figcaption {
  font-size: 0.95rem; font-weight: 400; display: grid; justify-items: center;
}
.data-cards figcaption b { font-size: 1.1rem; }
.data-cards figcaption span { font-size: 0.85rem; white-space: nowrap; }
.data-cards figcaption span.no {
  text-decoration: underline 2px #d95f02; text-underline-offset: 3px;
}
@media (max-width: 640px) {
  .data-row { grid-template-columns: repeat(5, minmax(0, 1fr)); }
  .data-row img.data-digit { width: 56px; height: 56px; }
  .data-closer { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
  .data-closer img.large { width: 168px; height: 168px; }
  img.data-digit.huge { width: 196px; height: 196px; margin: 0 auto; }
  .st-key-data_filters button { padding: 0.1rem 0.5rem; min-height: 1.9rem; }
  .st-key-data_filters button p { font-size: 0.82rem; }
  .st-key-data_keys > * { flex: 1 0 calc(20% - 4px); }
  .st-key-data_keys button { width: 100%; }
  table.data-board th { padding-right: 0.4rem; }
  table.data-board td:last-child { padding-left: 0.2rem; min-width: 1.6rem; }
  table.data-board span {
    width: 1.2rem; height: 1.2rem; line-height: 1.2rem; font-size: 0.85rem;
  }
}
"""
