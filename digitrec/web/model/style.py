"""The page Model's own style sheet; colours follow the theme as in `web/style.py`."""

STYLE = """
dl.model-figures {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0.9rem 1.6rem;
  margin: 0; padding: 0;
}
dl.model-figures div { display: flex; flex-direction: column; }
dl.model-figures dt { order: 2; font-size: 0.95rem; line-height: 1.3; }
dl.model-figures dd { margin: 0; }
dl.model-figures dd.figure {
  order: 1; font-size: 2rem; line-height: 1.25; font-weight: 600;
  font-variant-numeric: tabular-nums;
}
dl.model-figures div:first-child dd.figure { color: var(--accent); }
dl.model-figures dd.note { order: 3; font-size: 0.85rem; line-height: 1.35; opacity: 0.85; }
p.model-words { margin: 0; max-width: 46rem; line-height: 1.5; overflow-wrap: anywhere; }
p.model-words.small { font-size: 0.92rem; opacity: 0.92; }
h4.model { font-size: 1rem; font-weight: 600; margin: 0; padding: 0; }
h3.model { font-size: 1.15rem; font-weight: 600; margin: 0; padding: 0.6rem 0 0; }
table.facts {
  border-collapse: collapse; width: 100%; margin: 0; font-variant-numeric: tabular-nums;
  font-size: 0.95rem;
}
table.facts caption {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}
table.facts th, table.facts td {
  border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  padding: 0.3rem 0 0.3rem 0.9rem; text-align: right; font-weight: 400; line-height: 1.35;
  overflow-wrap: anywhere;
}
table.facts th:first-child { text-align: left; padding-left: 0; }
table.facts thead th {
  font-size: 0.85rem; opacity: 0.85; vertical-align: bottom; overflow-wrap: normal;
}
table.facts tr.strong th, table.facts tr.strong td { font-weight: 650; }
table.facts.narrow { max-width: 42rem; }
table.facts.narrow th, table.facts.narrow td { padding-left: 0.5rem; }
table.facts.narrow th:first-child { padding-left: 0; }
table.facts.narrow td { overflow-wrap: normal; }
dl.facts {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 0 2rem;
  margin: 0; padding: 0;
}
dl.facts div {
  display: flex; justify-content: space-between; gap: 0.8rem; padding: 0.28rem 0; min-width: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent);
}
dl.facts dt { opacity: 0.85; }
dl.facts dd {
  margin: 0; flex: none; max-width: 70%; text-align: right; overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums;
}
ul.model-list { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.7rem; }
ul.model-list li { margin: 0; line-height: 1.45; overflow-wrap: anywhere; }
ul.model-list small { display: block; font-size: 0.88rem; opacity: 0.9; }
ul.model-list a { color: inherit; }
ul.mistakes {
  list-style: none; margin: 0; padding: 0; display: grid; gap: 0.8rem 0.5rem;
  grid-template-columns: repeat(auto-fill, minmax(76px, 1fr));
}
ul.mistakes li { margin: 0; display: grid; justify-items: center; line-height: 1.3; }
ul.mistakes img {
  width: 68px; height: 68px; image-rendering: pixelated; border-radius: 6px; background: #000;
}
ul.mistakes b { font-size: 1.1rem; font-weight: 600; font-variant-numeric: tabular-nums; }
ul.mistakes small { font-size: 0.82rem; font-variant-numeric: tabular-nums; }
@media (max-width: 640px) {
  dl.model-figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.9rem 1rem; }
  dl.model-figures dd.figure { font-size: 1.6rem; }
  dl.facts { grid-template-columns: minmax(0, 1fr); }
  /* Each row is a block: its name, and below that each number under its title. */
  table.facts:not(.narrow) thead {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
  table.facts:not(.narrow) :is(tbody, th) { display: block; }
  table.facts:not(.narrow) tbody tr {
    display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.1rem 0.8rem;
    padding: 0.5rem 0; align-items: end;
    border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent);
  }
  table.facts:not(.narrow) :is(th, td) { border: 0; padding: 0; text-align: left; }
  table.facts:not(.narrow) tbody th { grid-column: 1 / -1; font-weight: 600; }
  table.facts:not(.narrow) td::before {
    content: attr(data-head); display: block; font-size: 0.8rem; font-weight: 400; opacity: 0.85;
  }
  table.facts:not(.narrow) td:empty { display: none; }
  table.facts:not(.narrow) td.long { grid-column: 1 / -1; }
  table.facts.narrow { font-size: 0.88rem; }
}
"""
