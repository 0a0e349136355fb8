"""The panel "Which ink"'s own style sheet; colours follow the theme as in `web/style.py`."""

# On black, where the digit is seen: the accent and orange a bit lighter than on paper.
FOR, AGAINST, LITTLE = "#37a3da", "#f0882a", "#62686d"

STYLE = """
.ink { display: flex; flex-wrap: wrap; gap: 1.2rem 2.2rem; padding-bottom: 0.5rem; }
.ink figure {
  flex: none; align-self: flex-start; width: 280px; margin: 0; background: #000;
  border-radius: 8px; overflow: hidden;
}
.ink .map { position: relative; aspect-ratio: 1; }
.ink .map img {
  width: 100%; height: 100%; display: block; border-radius: 0; image-rendering: pixelated;
}
.ink .map i {
  position: absolute; box-sizing: border-box; border: 1.5px solid #fff; border-radius: 50%;
}
.ink figcaption { padding: 0 1rem 0.9rem; color: #e8edf1; }
.ink figcaption ul {
  display: grid; grid-template-columns: 1fr 1fr; gap: 0.25rem 0.8rem; list-style: none;
  margin: 0; padding: 0;
}
.ink figcaption li {
  margin: 0; padding-left: 1.15rem; position: relative; white-space: nowrap;
  font-size: 0.85rem; line-height: 1.35;
}
.ink figcaption li::before {
  content: ""; position: absolute; left: 0; top: 0.2rem; width: 0.75rem; height: 0.75rem;
  box-sizing: border-box; border-radius: 3px; background: LITTLE;
}
.ink figcaption .for::before { background: FOR; }
.ink figcaption .against::before { background: AGAINST; }
.ink figcaption .most::before {
  background: none; border: 1.5px solid #fff; border-radius: 50%;
}
.ink .words { flex: 1 1 20rem; min-width: 0; }
.ink .words p { margin: 0; line-height: 1.45; max-width: 38rem; }
.ink h3 { font-size: 1.05rem; font-weight: 600; margin: 0; padding: 1rem 0 0.2rem; }
.ink .words ul { list-style: none; margin: 0; padding: 0; }
.ink .words li {
  display: grid; grid-template-columns: 56px 3.2rem 1fr; align-items: center; gap: 0.7rem;
  margin: 0.5rem 0 0; line-height: 1.35;
}
.ink li img { width: 56px; height: 56px; display: block; border-radius: 6px; }
.ink li span { text-wrap: balance; }
.ink .seen { background: #000; border-radius: 6px; overflow: hidden; }
.ink .seen img { image-rendering: pixelated; }
.ink .drawn {
  border-radius: 6px; background: color-mix(in srgb, currentColor 6%, transparent);
}
.ink li b {
  text-align: center; font-weight: 700; font-variant-numeric: tabular-nums; line-height: 1;
  font-size: min(2.2rem, 4.6rem / var(--chars)); opacity: 0.75;
}
.ink li b.other { color: var(--accent); opacity: 1; }
@media (max-width: 640px) {
  .ink figure { width: 100%; max-width: 360px; }
  .ink figcaption { padding: 0 1.3rem 1.1rem; }
}
"""
for _name, _value in (("AGAINST", AGAINST), ("FOR", FOR), ("LITTLE", LITTLE)):
    STYLE = STYLE.replace(_name, _value)
