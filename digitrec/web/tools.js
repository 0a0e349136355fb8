// Undo, Clear and the pen's width.
export default function ({ data, parentElement, setTriggerValue }) {
  const find = (name) => parentElement.querySelector(name);
  const undo = find(".undo"), clear = find(".clear");
  const pen = find("input"), width = find("b");
  undo.disabled = clear.disabled = data.empty;
  undo.onclick = () => setTriggerValue("used", "undo");
  clear.onclick = () => setTriggerValue("used", "clear");
  const tell = () => {
    width.textContent = pen.value;
    pen.style.setProperty("--share", (pen.value - pen.min) / (pen.max - pen.min));
  };
  // A hand that is moving it has the say.
  if (!pen.matches(":active")) pen.value = data.pen;
  tell();
  pen.oninput = tell;
  pen.onchange = () => setTriggerValue("used", pen.valueAsNumber);
}
