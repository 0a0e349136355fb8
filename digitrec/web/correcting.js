// What a click keeps: the sentence, the row of answers with their keys, or a field for a number.
const NONE = "?"; // how a label is written that is no digit

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".correcting");
  const row = (root.row ??= build(root));
  row.say = (text) => setTriggerValue("said", { of: row.data.of, text });
  const other = row.data?.of !== data.of;
  row.data = data;
  tell(row, data);
  offer(row, data);
  if (other) row.field.value = row.typed = "";
  document.addEventListener("keydown", row.press);
  return () => document.removeEventListener("keydown", row.press);
}

function build(root) {
  const find = (name) => root.querySelector(name);
  const row = {
    sentence: find("p"),
    back: find(".back"),
    what: find(".what"),
    more: find(".more"),
    right: find(".right"),
    each: [...Array(10).keys()].map((label) => answer(`${label}`)).concat(answer(NONE, "No digit")),
    field: find("input"),
  };
  find(".row").insertBefore(group(row.each), row.field);
  row.right.onclick = () => row.say(row.data.answered);
  row.back.onclick = () => row.say("");
  row.each.forEach((button) => (button.onclick = () => row.say(button.dataset.label)));
  // Enter says it even unchanged: what could not be kept is tried again.
  row.field.onkeydown = ({ key }) => key === "Enter" && typed(row);
  row.field.onchange = () => row.field.value !== row.typed && typed(row);
  row.press = (event) => press(row, event);
  row.more.ontoggle = (event) => event.newState === "open" && lay(row);
  return row;
}

function typed(row) {
  row.typed = row.field.value;
  if (row.typed.trim()) row.say(row.typed);
}

function answer(label, words = label) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.label = label;
  button.textContent = words;
  return button;
}

function group(buttons) {
  const group = document.createElement("div");
  group.className = "each";
  group.append(...buttons);
  return group;
}

// What a click does; after it, what was kept, and the way back.
function tell({ sentence, back, what, more }, { sentence: words, kept, trouble, explained }) {
  sentence.classList.toggle("trouble", !!trouble);
  sentence.role = trouble ? "alert" : null;
  const said = trouble || (kept === null ? words : "");
  if (said) sentence.textContent = said;
  else if (kept === NONE) sentence.textContent = "Kept as no digit. Thank you.";
  else {
    const label = document.createElement("b");
    label.textContent = kept;
    sentence.replaceChildren("Kept as ", label, ". Thank you.");
  }
  back.hidden = !!trouble || kept === null;
  what.hidden = !!trouble || kept !== null;
  if (what.hidden) more.hidePopover();
  more.textContent = explained;
}

// The answers that can be clicked; the one that was kept is filled.
function offer({ right, each, field }, { digits, kept }) {
  const many = digits > 1;
  right.disabled = !digits;
  each[0].parentElement.hidden = many;
  for (const button of each) {
    button.disabled = !digits;
    button.ariaPressed = String(button.dataset.label === kept);
  }
  field.hidden = !many;
  field.placeholder = `No, it says … (${digits} digits, ? for none)`;
}

// Y says that it is right; of a single digit its own key, or X, what it really is.
function press({ right, each, data }, event) {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
  const at = event.composedPath()[0];
  const typing = at.isContentEditable || at.matches?.("textarea, select, input:not([type=range])");
  if (typing || repeat || ctrlKey || metaKey || altKey) return;
  // Where digits need Shift, their keys count without it as well.
  const digit = /^\d$/.test(key) ? key : !shiftKey && code.match(/^Digit(\d)$/)?.[1];
  const meant = key.toLowerCase() === "x" ? NONE : digit;
  if (key.toLowerCase() === "y") right.click();
  else if (meant && data.digits === 1) each.find(({ dataset }) => dataset.label === meant).click();
}

// Below its button, within the window; it goes when the page is scrolled away under it.
function lay({ what, more }) {
  const { left, bottom } = what.getBoundingClientRect();
  const most = document.documentElement.clientWidth - more.offsetWidth - 8;
  more.style.left = `${Math.max(8, Math.min(left, most))}px`;
  more.style.top = `${bottom + 4}px`;
  const hide = () => more.isConnected && more.hidePopover();
  window.addEventListener("scroll", hide, { capture: true, once: true });
}
