// Whoever is quicker than the canvas waits for it.
//
// The canvas tells of a stroke 200 ms after the pen went up. A click or a key that came sooner
// would be about the drawing without that stroke, and Undo, another page or a sample that is kept
// would take it away unseen: they wait until it is told.
const TOLD = 260; // ms after the pen went up

function wait() {
  const pen = { down: false, up: -Infinity };
  const left = () => (pen.down ? TOLD : pen.up + TOLD - performance.now());
  const hold = (event) => {
    const on = event.composedPath()[0];
    const { isTrusted, ctrlKey, metaKey, altKey, shiftKey, type, key } = event;
    // What was held comes again, by this script; what else keys do, or a link with one of them held
    // down, is the browser's affair.
    if (!isTrusted || left() <= 0 || ctrlKey || metaKey || altKey) return;
    if (type === "keydown" && (!/^\S$/u.test(key) || on.matches?.("input, textarea"))) return;
    if (type === "click" && (shiftKey || on.matches?.(".upper-canvas"))) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const again = new event.constructor(type, event);
    const later = () => (left() > 0 ? setTimeout(later, left()) : on.dispatchEvent(again));
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
  return true;
}

window.digitrecWaitsForThePen ??= wait();
