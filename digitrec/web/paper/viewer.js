// The page, its boxes, and zooming: buttons, plus and minus, wheel with Ctrl, two fingers.
const SVG = "http://www.w3.org/2000/svg";
const MOST = 12;
const LOWEST = 180, HIGHEST = 560; // px, of the window

export default function ({ data, parentElement }) {
  const viewer = parentElement.querySelector(".viewer");
  const window_ = viewer.querySelector(".window");
  const sheet = viewer.querySelector(".sheet");
  const state = (viewer.state ??= { zoom: 1, page: null, fingers: new Map() });
  state.data = data;

  const wholeWidth = () => {
    // Without scroll bars: they come and go with the zoom.
    const width = window_.offsetWidth - 2, height = window_.offsetHeight - 2;
    return Math.min(width, (height * state.data.width) / state.data.height);
  };
  const lay = () => {
    // As high as the page is at full width, within bounds and the screen.
    const { width: across, height: down } = state.data;
    const high = Math.min(HIGHEST, 0.7 * window.innerHeight);
    const fitting = ((window_.offsetWidth - 2) * down) / across + 2;
    window_.style.height = `${Math.max(LOWEST, Math.min(high, fitting))}px`;
    const width = (state.whole?.() ?? 1) * state.zoom;
    sheet.style.width = `${width}px`;
    sheet.style.height = `${(width * state.data.height) / state.data.width}px`;
    viewer.querySelector(".out").disabled = viewer.querySelector(".fit").disabled =
      state.zoom <= 1;
    viewer.querySelector(".in").disabled = state.zoom >= MOST;
  };
  // What is under this point of the window stays there.
  const zoomTo = (zoom, x = window_.clientWidth / 2, y = window_.clientHeight / 2) => {
    const before = sheet.getBoundingClientRect(), frame = window_.getBoundingClientRect();
    const u = (frame.left + x - before.left) / before.width;
    const v = (frame.top + y - before.top) / before.height;
    state.zoom = Math.min(MOST, Math.max(1, zoom));
    lay();
    const after = sheet.getBoundingClientRect();
    window_.scrollLeft += after.left + u * after.width - frame.left - x;
    window_.scrollTop += after.top + v * after.height - frame.top - y;
  };
  state.whole = wholeWidth;
  state.zoomTo = zoomTo;
  state.lay = lay;

  if (state.page !== data.page) {
    state.page = data.page;
    state.zoom = 1;
    const image = sheet.querySelector("img");
    image.src = data.picture;
    image.alt = `${data.name}, upright, with a box at every digit`;
  }
  drawBoxes(sheet.querySelector("svg"), data);
  drawLegend(viewer.querySelector(".legend"), data);
  lay();
  if (!state.listening) listen(viewer, window_, state);
}

function drawBoxes(svg, data) {
  svg.setAttribute("viewBox", `0 0 ${data.width} ${data.height}`);
  const heights = data.boxes.filter((b) => !b.quiet).map((b) => b.box[3]).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1] ?? 0;
  const groups = data.boxes.map(({ box: [x, y, width, height], text, colour, quiet, words }) => {
    const group = document.createElementNS(SVG, "g");
    const rect = document.createElementNS(SVG, "rect");
    const said = document.createElementNS(SVG, "title");
    const edge = 0.05 * usual;
    const sides = { x: x - edge, y: y - edge, width: width + 2 * edge, height: height + 2 * edge };
    for (const [name, value] of Object.entries(sides)) rect.setAttribute(name, value);
    rect.setAttribute("stroke", colour);
    if (quiet) rect.setAttribute("class", "quiet");
    said.textContent = words;
    group.append(said, rect);
    if (text) {
      const label = document.createElementNS(SVG, "text");
      label.setAttribute("x", x - edge);
      label.setAttribute("y", y - 2 * edge);
      label.setAttribute("font-size", 0.42 * usual || 0.42 * height);
      label.setAttribute("fill", colour);
      label.textContent = text;
      group.append(label);
    }
    return group;
  });
  svg.replaceChildren(...groups);
}

function drawLegend(legend, data) {
  legend.replaceChildren(
    ...data.legend.map(({ colour, words, quiet }) => {
      const item = document.createElement("span");
      const swatch = document.createElement("i");
      swatch.style.borderColor = colour;
      if (quiet) swatch.style.border = `1px dashed ${colour}`;
      item.append(swatch, words);
      return item;
    }),
  );
}

function listen(viewer, window_, state) {
  state.listening = true;
  const step = (factor) => state.zoomTo(state.zoom * factor);
  viewer.querySelector(".in").onclick = () => step(1.5);
  viewer.querySelector(".out").onclick = () => step(1 / 1.5);
  viewer.querySelector(".fit").onclick = () => state.zoomTo(1);
  window_.ondblclick = (e) => {
    const frame = window_.getBoundingClientRect();
    state.zoomTo(state.zoom * 2, e.clientX - frame.left, e.clientY - frame.top);
  };
  window_.onkeydown = (e) => {
    const factor = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 }[e.key];
    if (factor) step(factor);
    else if (e.key === "0") state.zoomTo(1);
  };
  window_.addEventListener(
    "wheel",
    (e) => {
      if (!e.ctrlKey && !e.metaKey) return;
      e.preventDefault();
      const frame = window_.getBoundingClientRect();
      const factor = Math.exp(-e.deltaY / 300);
      state.zoomTo(state.zoom * factor, e.clientX - frame.left, e.clientY - frame.top);
    },
    { passive: false },
  );
  drag(window_);
  pinch(window_, state);
  new ResizeObserver(() => state.lay()).observe(window_);
}

// The mouse drags the page; fingers scroll by themselves.
function drag(window_) {
  let from = null;
  window_.onpointerdown = (e) => {
    if (e.pointerType !== "mouse" || e.button !== 0) return;
    from = [e.clientX + window_.scrollLeft, e.clientY + window_.scrollTop];
    window_.setPointerCapture(e.pointerId);
    window_.classList.add("held");
  };
  window_.onpointermove = (e) => {
    if (from) window_.scrollTo(from[0] - e.clientX, from[1] - e.clientY);
  };
  window_.onpointerup = window_.onpointercancel = () => {
    from = null;
    window_.classList.remove("held");
  };
}

function pinch(window_, state) {
  let start = null;
  const measure = ([a, b]) => {
    const frame = window_.getBoundingClientRect();
    return {
      apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
      x: (a.clientX + b.clientX) / 2 - frame.left,
      y: (a.clientY + b.clientY) / 2 - frame.top,
    };
  };
  window_.addEventListener(
    "touchmove",
    (e) => {
      if (e.touches.length !== 2) return;
      e.preventDefault();
      const now = measure(e.touches);
      start ??= { apart: now.apart, zoom: state.zoom };
      state.zoomTo((start.zoom * now.apart) / start.apart, now.x, now.y);
    },
    { passive: false },
  );
  window_.addEventListener("touchend", () => (start = null));
}
