"""The page "Paper"'s own style sheet; colours follow the theme as in `web/style.py`."""

STYLE = """
.stMainBlockContainer { max-width: 1240px; }
.paper-welcome { max-width: 46rem; }
.paper-welcome h1 { font-size: 1.9rem; padding: 0 0 0.6rem; }
.paper-welcome p, .paper-welcome li { font-size: 1.05rem; line-height: 1.5; }
.paper-welcome ul { padding-left: 1.2rem; margin: 0.4rem 0 0; }
.paper-welcome li { margin: 0.25rem 0; }
.paper-example {
  display: block; width: 100%; max-width: 560px; border-radius: 8px; margin-top: 0.8rem;
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent);
}
/* Files that came lie on the pile; the uploader shows only those that it refused, and why. */
[data-testid="stFileChips"] > div, [data-testid="stFileChips"] > div > div { max-width: 100%; }
div:has(> [data-testid="stFileChip"]:not([aria-invalid="true"])) { display: none; }
[data-testid="stFileChip"][aria-invalid="true"] {
  height: auto; max-width: 100%; flex-wrap: wrap; padding-bottom: 0.4rem;
}
[data-testid="stFileChip"] [role="alert"] {
  position: static; width: 100%; height: auto; margin: 0; clip: auto; clip-path: none;
  white-space: normal; font-size: 0.85rem; padding: 0 0.6rem;
}
[data-testid="stFileUploaderDropzone"] button[aria-label="Add files"] {
  width: auto; height: 2.5rem; padding: 0 0.8rem; white-space: nowrap; color: inherit;
  background: color-mix(in srgb, Canvas 60%, transparent);
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
}
[data-testid="stFileUploaderDropzone"] button[aria-label="Add files"]::after {
  content: "Add files"; padding-left: 0.4rem;
}
/* It lies over the summary, and its download is not the one that is meant here. */
.stDataFrame [data-testid="stElementToolbar"], [data-testid="stElementContainer"]:has(.stDataFrame)
[data-testid="stElementToolbar"] { display: none; }
.st-key-paper_failed { flex-wrap: nowrap; align-items: start; }
.paper-wait { display: flex; align-items: center; gap: 0.7rem; min-height: 2rem; }
.paper-wait span { overflow-wrap: anywhere; }
.paper-wait i {
  flex: none; width: 1.1rem; height: 1.1rem; border-radius: 50%;
  border: 3px solid color-mix(in srgb, currentColor 20%, transparent);
  border-top-color: var(--accent); animation: paper-turn 0.9s linear infinite;
}
@keyframes paper-turn { to { transform: rotate(360deg); } }
@media (prefers-reduced-motion: reduce) { .paper-wait i { animation: none; } }
ul.paper-failures {
  list-style: none; margin: 0; padding: 0.6rem 0.9rem; border-radius: 8px;
  border-left: 4px solid #d95f02; background: color-mix(in srgb, #d95f02 9%, transparent);
}
.paper-failures li { margin: 0.2rem 0; overflow-wrap: anywhere; }
.paper-trouble {
  margin: 0; padding: 0.5rem 0.9rem; border-radius: 8px;
  background: color-mix(in srgb, currentColor 7%, transparent);
}
.paper-name {
  font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.st-key-paper_choice > [data-testid="stElementContainer"]:first-child,
.st-key-paper_choice > div:first-child { flex: 1 1 0; min-width: 0; }
.paper-summary { margin: 0; min-height: 2.5rem; display: flex; align-items: center; gap: 0.4ch;
  flex-wrap: wrap; }
.paper-steps {
  display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem;
}
.paper-steps figure { margin: 0; }
.paper-steps img {
  width: 100%; max-height: 420px; object-fit: contain; background: #fff; border-radius: 6px;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
}
.paper-steps figcaption { font-size: 0.92rem; padding-top: 0.3rem; }
.paper-steps-words { margin: 0; }
@media (max-width: 640px) { .paper-steps { grid-template-columns: minmax(0, 1fr); } }
"""
