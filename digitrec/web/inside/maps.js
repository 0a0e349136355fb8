// Every layer's maps of a digit: a row of layers to choose from, the maps of the chosen one, and
// what the point under the pointer looks at.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".maps");
  const state = (root.state ??= { layer: 0, chosen: null });
  state.digit = bytes(data.digit);
  state.layers = data.layers.map(read);
  if (state.layer >= state.layers.length) Object.assign(state, { layer: 0, chosen: null });
  state.show = () => show(root, state, data);
  state.show();
  if (!state.listening) listen(root, state);
}

function show(root, state, data) {
  const room = root.querySelector(".sheet").clientWidth;
  if (!room) return;
  showChain(root.querySelector(".chain"), state, data);
  const layer = state.layers[state.layer];
  root.querySelector(".words").innerHTML = layer.words;
  const lies = state.layers.map((each) => lay(each, room));
  state.lie = lies[state.layer];
  // As high as the highest layer, so that nothing below moves with the choice; on a phone the
  // empty room would be the larger trouble.
  const needed = room < 560 ? 0 : Math.max(...lies.map(({ height }) => height)) + 40;
  root.querySelector(".beside").style.minHeight = `${needed}px`;
  state.tiles = Array.from({ length: layer.shape[0] }, (_, n) => ({
    map: mapPicture(layer, n),
    filter: layer.filters && filterPicture(layer.filters, n),
  }));
  root.querySelector(".filters").hidden = !layer.filters;
  const sheet = root.querySelector(".sheet");
  sheet.setAttribute("aria-label", `${layer.told}. The arrow keys move from point to point.`);
  showSheet(root, state);
  showProbe(root, state);
}

function showChain(chain, state, data) {
  const focused = chain.contains(chain.getRootNode().activeElement);
  const arrow = () => {
    const sign = document.createElement("span");
    sign.className = "arrow";
    sign.setAttribute("aria-hidden", "true");
    return sign;
  };
  chain.style.setProperty("--layers", state.layers.length);
  const cells = state.layers.map((layer, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = layer.told;
    button.setAttribute("aria-label", `Layer ${n + 1}: ${layer.told}`);
    button.setAttribute("aria-pressed", n === state.layer);
    button.onclick = () => {
      Object.assign(state, { layer: n, chosen: null });
      state.show();
    };
    const caption = document.createElement("small");
    caption.textContent = layer.caption;
    button.append(thumbnail(layer), caption);
    return button;
  });
  const drawing = figure(picture(28, 28, (x, y) => state.digit[28 * y + x], true), "drawing");
  const answer = document.createElement("b");
  answer.textContent = data.answer;
  chain.replaceChildren(drawing, ...cells.flatMap((cell) => [arrow(), cell]), arrow(), figure(answer, "answer"));
  if (focused) cells[state.layer].focus();
}

function figure(content, words) {
  const made = document.createElement("div");
  const caption = document.createElement("small");
  made.className = "end";
  caption.textContent = words;
  made.append(content, caption);
  return made;
}

// The map that answers most, on a pile; of units without a place all of them.
function thumbnail(layer) {
  const [count, high, wide] = layer.shape;
  if (high > 1 || wide > 1) {
    const canvas = mapPicture(layer, strongest(layer).map);
    canvas.className = "pile";
    return canvas;
  }
  const columns = Math.ceil(Math.sqrt(count));
  return picture(columns, Math.ceil(count / columns), (x, y) => {
    const place = columns * y + x;
    return place < count ? shareAt(layer, place) : 0;
  });
}

function showSheet(root, state) {
  const { lie, tiles } = state;
  const context = prepared(root.querySelector(".sheet canvas"), lie.width, lie.height);
  tiles.forEach((tile, number) => {
    const [left, top] = corner(lie, number);
    for (const kind of ["map", "filter"]) {
      if (!tile[kind]) continue;
      const [x, y, width, height] = lie[kind];
      context.drawImage(tile[kind], left + x, top + y, width, height);
      context.strokeStyle = "rgb(127 141 152 / 40%)"; // its edge, on a dark page
      context.strokeRect(left + x + 0.5, top + y + 0.5, width - 1, height - 1);
    }
  });
  const probe = probed(state);
  const [, high, wide] = state.layers[state.layer].shape;
  const [left, top] = corner(lie, probe.map);
  const [x, y, width, height] = lie.map;
  const unit = [width / wide, height / high];
  context.strokeStyle = "#e58e36";
  context.lineWidth = 2;
  context.strokeRect(left - 2, top - 2, lie.across + 4, lie.down + 4);
  if (high * wide > 1) {
    context.lineWidth = 1.5;
    const place = [left + x + probe.column * unit[0], top + y + probe.row * unit[1]];
    context.strokeRect(place[0] - 1, place[1] - 1, unit[0] + 2, unit[1] + 2);
  }
}

function corner(lie, number) {
  const column = number % lie.columns, row = Math.floor(number / lie.columns);
  return [EDGE + column * (lie.across + GAP), EDGE + row * (lie.down + GAP)];
}

// The point that is told of: the visitor's choice, else the layer's strongest.
function probed(state) {
  return state.chosen ?? strongest(state.layers[state.layer]);
}

function showProbe(root, state) {
  const layer = state.layers[state.layer], { map, row, column } = probed(state);
  const [, high, wide] = layer.shape;
  const part = viewed(layer.view, row, column);
  drawDrawing(root.querySelector(".drawing"), state.digit, part);
  const share = shareAt(layer, (map * high + row) * wide + column);
  const name = layer.unit;
  const where = high * wide > 1 ? `${name} ${map + 1}, row ${row + 1}, column ${column + 1}` : `${name} ${map + 1}`;
  const least = share === 0 ? "no answer" : `${Math.round(100 * share)} % of the strongest answer`;
  root.querySelector(".said").textContent =
    Math.abs(share) > 0.999 ? `The strongest answer of this layer: ${where}.` : `${where[0].toUpperCase()}${where.slice(1)}: ${least}.`;
  showProduct(root.querySelector(".product"), state, layer, map, part);
}

// The part of the drawing that a unit looks at, as [top, left, height, width], whole px.
function viewed(view, row, column) {
  if (!view) return null;
  const [size, step, start] = view;
  return [start[0] + row * step[0], start[1] + column * step[1], size[0], size[1]];
}

function drawDrawing(canvas, digit, part) {
  const side = canvas.parentElement.clientWidth, k = side / 28;
  const context = prepared(canvas, side, side);
  context.drawImage(picture(28, 28, (x, y) => digit[28 * y + x], true), 0, 0, side, side);
  if (!part) return;
  const [top, left, height, width] = part;
  const x = Math.max(0, left), y = Math.max(0, top);
  const right = Math.min(28, left + width), bottom = Math.min(28, top + height);
  context.fillStyle = "rgb(0 0 0 / 35%)"; // what the unit does not see
  context.beginPath();
  context.rect(0, 0, side, side);
  context.rect(x * k, y * k, (right - x) * k, (bottom - y) * k);
  context.fill("evenodd");
  context.strokeStyle = "#e58e36";
  context.lineWidth = 2;
  context.strokeRect(Math.max(1, x * k), Math.max(1, y * k), Math.min(side - 2, (right - x) * k), Math.min(side - 2, (bottom - y) * k));
}

// Where the filter is known: what it looks at, times the filter, is the answer.
function showProduct(product, state, layer, map, part) {
  product.hidden = !layer.filters || !part;
  if (product.hidden) return;
  const { shape: [, high, wide], values, peak, bias } = layer.filters;
  const [top, left] = part;
  const pixel = (x, y) => {
    const inside = top + y >= 0 && top + y < 28 && left + x >= 0 && left + x < 28;
    return inside ? state.digit[28 * (top + y) + left + x] : 0;
  };
  let sum = bias[map];
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++)
      sum += ((pixel(x, y) / 255) * values[(map * high + y) * wide + x] * peak) / 127;
  const [seen, filter] = product.querySelectorAll("canvas");
  prepared(seen, PATCH, PATCH).drawImage(picture(wide, high, pixel, true), 0, 0, PATCH, PATCH);
  prepared(filter, PATCH, PATCH).drawImage(filterPicture(layer.filters, map), 0, 0, PATCH, PATCH);
  const told = sum.toFixed(1).replace("-", "−");
  const constant = Math.abs(bias[map]).toFixed(1), sign = bias[map] <= -0.05 ? "−" : "+";
  product.querySelector("span:last-of-type").textContent = `${sign} ${constant} =`;
  product.querySelector("b").textContent = sum > 0 || layer.signed ? told : `${told}, so nothing`;
}

function listen(root, state) {
  state.listening = true;
  const sheet = root.querySelector(".sheet"), canvas = sheet.querySelector("canvas");
  const choose = (probe) => {
    state.chosen = probe;
    showSheet(root, state);
    showProbe(root, state);
  };
  // Read aloud to whoever moves by keys, and not at every stroke of a drawing.
  const said = root.querySelector(".said");
  sheet.onfocus = () => said.setAttribute("aria-live", "polite");
  sheet.onblur = () => said.removeAttribute("aria-live");
  canvas.onpointermove = canvas.onpointerdown = (e) => {
    const probe = pointed(state, e.offsetX, e.offsetY);
    if (probe) choose(probe);
  };
  sheet.onkeydown = (e) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[e.key];
    if (!move) return;
    e.preventDefault();
    const probe = moved(state, probed(state), move);
    if (probe) choose(probe);
  };
  let width = 0;
  new ResizeObserver(() => {
    if (root.clientWidth !== width) state.show();
    width = root.clientWidth;
  }).observe(root);
}

// The unit at a point of the sheet; null between maps.
function pointed({ lie, layers, layer }, left, top) {
  const [count, high, wide] = layers[layer].shape;
  const column = Math.floor((left - EDGE) / (lie.across + GAP));
  const row = Math.floor((top - EDGE) / (lie.down + GAP));
  const map = row * lie.columns + column;
  if (column < 0 || column >= lie.columns || row < 0 || map >= count) return null;
  const [x, y, width, height] = lie.map, [fromLeft, fromTop] = corner(lie, map);
  const within = (at, size, units) => Math.min(units - 1, Math.max(0, Math.floor((at / size) * units)));
  return { map, row: within(top - fromTop - y, height, high), column: within(left - fromLeft - x, width, wide) };
}

// One unit further; past the edge of a map is the map beside it.
function moved({ lie, layers, layer }, probe, [down, across]) {
  const [count, high, wide] = layers[layer].shape;
  const row = Math.floor(probe.map / lie.columns) * high + probe.row + down;
  const column = (probe.map % lie.columns) * wide + probe.column + across;
  const map = Math.floor(row / high) * lie.columns + Math.floor(column / wide);
  if (row < 0 || column < 0 || column >= lie.columns * wide || map >= count) return null;
  return { map, row: row % high, column: column % wide };
}
