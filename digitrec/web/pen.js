// Whoever is quicker than the canvas and the server waits for them.
//
// The canvas tells of a stroke 200 ms after the pen went up, and the server takes it up once it has
// nothing else to do. A click or a key that comes before that would be about the drawing without
// the stroke, and Undo, another page or a sample that is kept would take it away unseen: they wait
// until the stroke is told and answered. A link that comes later waits, too, as long as the server is
// busy: one that finds stroke and page together may drop the stroke.
const TOLD = 200, SOON = 260; // ms after the pen went up
const MOST = 1500; // ms after it: nothing was told, or somebody else keeps the server busy

function wait() {
  const pen = { down: false, up: -Infinity, answered: -Infinity };
  const since = () => (pen.down ? 0 : performance.now() - pen.up);
  const early = () => since() < SOON;
  const unanswered = () => pen.answered <= pen.up && since() < MOST;
  const hold = (event) => {
    const on = event.composedPath()[0];
    const { isTrusted, ctrlKey, metaKey, altKey, shiftKey, type, key } = event;
    // What was held comes again, by this script; what else keys do, or a link with one of them held
    // down, is the browser's affair.
    const soon = early() || (type === "click" && on.closest?.("a") && unanswered());
    if (!isTrusted || !soon || ctrlKey || metaKey || altKey) return;
    if (type === "keydown" && (!/^\S$/u.test(key) || on.matches?.("input, textarea"))) return;
    if (type === "click" && (shiftKey || on.matches?.(".upper-canvas"))) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const again = new event.constructor(type, event);
    const later = () => {
      if (early() || unanswered()) setTimeout(later, 20);
      else on.dispatchEvent(again);
    };
    later();
  };
  const lift = () => {
    if (pen.down) Object.assign(pen, { down: false, up: performance.now() });
  };
  const watch = (type, what) => window.addEventListener(type, what, true);
  watch("pointerdown", (event) => {
    const on = event.composedPath()[0];
    if (event.button === 0 && on.matches?.(".upper-canvas")) pen.down = true;
  });
  watch("pointerup", lift);
  watch("pointercancel", lift);
  // A menu of the browser's may have swallowed the end of a stroke.
  watch("pointermove", ({ buttons }) => buttons || lift());
  watch("click", hold);
  watch("keydown", hold);
  // Where Streamlit tells, by the state of its app, that a run on the server has ended.
  const told = "data-test-script-state";
  new MutationObserver(() => {
    const state = document.querySelector(`[${told}]`)?.getAttribute(told);
    if (state === "notRunning" && since() > TOLD) pen.answered = performance.now();
  }).observe(document.body, { subtree: true, attributeFilter: [told] });
  return true;
}

window.digitrecWaitsForThePen ??= wait();
