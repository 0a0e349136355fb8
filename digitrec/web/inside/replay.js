// A drawing that grows in the order of the pen, with the answer at every step.
const SVG = "http://www.w3.org/2000/svg";
const PLAY = "M2 0.5v11l9.5-5.5z", PAUSE = "M1.5 0.5h3.2v11h-3.2zM7.3 0.5h3.2v11h-3.2z";
const FIRST = 3_000, A_PIXEL = 1.6; // ms that a replay takes, whatever it shows, and a pixel of it
const JUMPS = 8, STANDING = 800; // with less motion: so many pictures, ms each

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".replay");
  const player = (root.player ??= build(root));
  if (player.drawing !== data.drawing || player.pen !== data.pen) load(player, data);
}

function build(root) {
  const find = (name) => root.querySelector(name);
  const player = {
    root,
    paper: find(".paper"),
    label: find(".label"),
    words: find(".words"),
    seen: find(".seen"),
    rows: Array.from({ length: 10 }, (_, label) => row(label)),
    button: find("button"),
    slider: find("input"),
    count: find(".count"),
    band: find(".band"),
    playing: null,
  };
  find("tbody").append(...player.rows.map(({ row }) => row));
  player.button.onclick = () => (player.playing === null ? play(player) : pause(player));
  player.slider.oninput = () => {
    pause(player);
    show(player, player.slider.valueAsNumber - 1);
  };
  return player;
}

function row(label) {
  const row = document.createElement("tr");
  row.innerHTML =
    `<th scope="row">${label}</th><td><div class="track"><div class="bar"></div></div></td>` +
    `<td class="number"></td>`;
  return { row, bar: row.querySelector(".bar"), number: row.querySelector(".number") };
}

// --- a drawing --------------------------------------------------------------------------

function load(player, data) {
  const other = player.drawing !== data.drawing;
  Object.assign(player, { data, drawing: data.drawing, pen: data.pen });
  pause(player);
  player.slider.max = data.steps.length;
  player.root.style.setProperty("--chars", data.chars);
  player.root.style.setProperty("--lines", data.lines);
  player.label.classList.toggle("many", data.chars > 1 || data.lines > 1);
  layPieces(player, data);
  layBand(player, data);
  show(player, other ? data.steps.length - 1 : player.step);
}

function layPieces(player, { steps, width, height, pen }) {
  let way = 0;
  player.pieces = [];
  player.ends = steps.map(({ pieces }) => {
    for (const [d, length] of pieces) {
      const path = make("path", { d, pathLength: 1 });
      player.pieces.push({ path, start: way, length });
      way += length;
    }
    return way;
  });
  player.box = make("rect", { rx: 6 });
  player.point = make("circle", { r: Math.max(9, pen / 2 + 3) });
  const coming = make("g", { class: "coming", "stroke-width": pen });
  const all = steps.flatMap(({ pieces }) => pieces.map(([d]) => d)).join("");
  coming.append(make("path", { d: all }));
  const drawn = make("g", { "stroke-width": pen });
  drawn.append(...player.pieces.map(({ path }) => path));
  player.paper.setAttribute("viewBox", `0 0 ${width} ${height}`);
  player.paper.replaceChildren(coming, drawn, player.box, player.point);
}

function layBand(player, { stretches, steps }) {
  const last = Math.max(1, steps.length - 1);
  player.stretches = stretches.map(({ first, last: end, text, answered, told }) => {
    const span = document.createElement("span");
    const from = Math.max(0, first - 0.5), to = Math.min(last, end + 0.5);
    span.style.left = `${(100 * from) / last}%`;
    span.style.width = `${(100 * (to - from)) / last}%`;
    span.textContent = text;
    span.title = told;
    span.classList.toggle("answered", answered);
    span.onclick = () => {
      pause(player);
      show(player, first);
    };
    return { span, first, end };
  });
  player.band.replaceChildren(...player.stretches.map(({ span }) => span));
  const told = stretches.map((stretch) => stretch.told).join("; ");
  player.band.setAttribute("aria-label", `Answers on the way: ${told}`);
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// --- a moment ---------------------------------------------------------------------------

function show(player, step) {
  showStep(player, step);
  showPen(player, player.ends[step]);
}

function showStep(player, step) {
  const { steps, pen } = player.data;
  const { label, words, told, shares, answered = [], seen, box } = steps[step];
  player.step = step;
  player.label.innerHTML = label;
  player.words.innerHTML = words;
  if (seen) player.seen.src = seen;
  player.seen.style.visibility = seen ? "" : "hidden";
  player.rows.forEach(({ row, bar, number }, digit) => {
    row.classList.toggle("winner", answered.includes(digit));
    bar.style.width = `${100 * (shares?.[digit] ?? 0)}%`;
    number.textContent = shares ? percent(shares[digit]) : "";
  });
  player.slider.value = step + 1;
  player.slider.setAttribute("aria-valuetext", `step ${step + 1} of ${steps.length}: ${told}`);
  player.count.textContent = `step ${step + 1} of ${steps.length}`;
  for (const { span, first, end } of player.stretches)
    span.classList.toggle("now", first <= step && step <= end);
  player.box.style.visibility = box ? "" : "hidden";
  if (box) {
    const [x, y, width, height] = box, out = pen / 2 + 5;
    const sides = { x: x - out, y: y - out, width: width + 2 * out, height: height + 2 * out };
    for (const [name, value] of Object.entries(sides)) player.box.setAttribute(name, value);
  }
}

// The drawing up to so many pixels of the pen's way.
function showPen(player, way) {
  let at = player.pieces[0];
  for (const piece of player.pieces) {
    const { path, start, length } = piece;
    const part = length ? (way - start) / length : way >= start;
    path.classList.toggle("ahead", part <= 0);
    if (0 < part && part < 1) path.setAttribute("stroke-dasharray", `${part} 2`);
    else path.removeAttribute("stroke-dasharray");
    if (part > 0) at = piece;
  }
  const share = at.length ? Math.min(1, (way - at.start) / at.length) : 1;
  const { x, y } = at.path.getPointAtLength(share * at.path.getTotalLength());
  player.point.setAttribute("cx", x);
  player.point.setAttribute("cy", y);
}

function percent(share) {
  return share > 0.9995 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`;
}

// --- playing ----------------------------------------------------------------------------

function play(player) {
  const last = player.ends.length - 1;
  if (player.step >= last) show(player, 0);
  sayPlaying(player, true);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (calm) jump(player, last);
  else run(player, last);
}

function run(player, last) {
  const { ends } = player;
  const speed = ends[last] / (FIRST + A_PIXEL * ends[last]); // px a ms
  let way = ends[player.step], before = null;
  const tick = (now) => {
    if (!player.root.isConnected) return;
    way += (before === null ? 0 : now - before) * speed;
    before = now;
    let step = player.step;
    while (step < last && ends[step + 1] <= way) step += 1;
    if (step !== player.step) showStep(player, step);
    showPen(player, Math.min(way, ends[last]));
    if (step === last) pause(player);
    else player.playing = requestAnimationFrame(tick);
  };
  player.playing = requestAnimationFrame(tick);
}

function jump(player, last) {
  const stride = Math.max(1, Math.ceil(last / JUMPS));
  player.timer = setInterval(() => {
    show(player, Math.min(last, player.step + stride));
    if (player.step === last || !player.root.isConnected) pause(player);
  }, STANDING);
  player.playing = 0;
}

function pause(player) {
  cancelAnimationFrame(player.playing);
  clearInterval(player.timer);
  player.playing = null;
  sayPlaying(player, false);
}

function sayPlaying({ button }, playing) {
  button.querySelector("path").setAttribute("d", playing ? PAUSE : PLAY);
  button.querySelector("span").textContent = playing ? "Pause" : "Play";
}
