// What the component of the layers is drawn with: colours, small pictures, and how maps lie.
const GAP = 6; // px between maps
const EDGE = 3; // px around them, for the mark
const HIGHEST = 560, HIGHEST_ON_PHONES = 400; // px, of all maps
const EVEN = 1.2; // even rows are worth so much in size
const LARGEST_UNIT = 46; // px, of a unit that stands for itself
const PATCH = 42; // px, of what a filter is multiplied with
const GROUND = [10, 16, 21];
// From nothing to the layer's strongest answer; on a dark ground in either theme.
const RAMP = [[0, GROUND], [0.3, [20, 66, 94]], [0.62, [36, 136, 186]], [0.85, [146, 209, 240]], [1, [255, 255, 255]]];
const AGAINST = [[0, GROUND], [0.4, [122, 66, 20]], [0.75, [229, 142, 54]], [1, [255, 226, 190]]];

function bytes(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function read({ values, filters, ...layer }) {
  return {
    ...layer,
    values: bytes(values),
    filters: filters && { ...filters, values: new Int8Array(bytes(filters.values).buffer) },
  };
}

function colour(share) {
  const ramp = share < 0 ? AGAINST : RAMP;
  const at = Math.min(1, Math.sqrt(Math.abs(share))); // weak answers are seen, too
  const after = Math.max(1, ramp.findIndex(([place]) => place >= at));
  const [low, from] = ramp[after - 1], [high, to] = ramp[after];
  return from.map((c, i) => c + ((to[i] - c) * (at - low)) / (high - low));
}

// The share of the layer's strongest answer, -1 to 1, at a place in its values.
function shareAt(layer, place) {
  return layer.signed ? (layer.values[place] - 128) / 127 : layer.values[place] / 255;
}

// A small picture: `share(x, y)` of every point, or its grey.
function picture(width, height, share, grey = false) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let place = 0; place < width * height; place++) {
    const value = share(place % width, Math.floor(place / width));
    image.data.set([...(grey ? [value, value, value] : colour(value)), 255], 4 * place);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function mapPicture(layer, number) {
  const [, high, wide] = layer.shape;
  return picture(wide, high, (x, y) => shareAt(layer, (number * high + y) * wide + x));
}

function filterPicture({ shape: [, high, wide], values }, number) {
  return picture(wide, high, (x, y) => values[(number * high + y) * wide + x] / 127);
}

// The context of a canvas of so many CSS px, as fine as the screen.
function prepared(canvas, width, height) {
  const fine = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(width * fine), height: Math.round(height * fine) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.scale(fine, fine);
  context.imageSmoothingEnabled = false;
  return context;
}

// How the maps of a layer lie: as large as there is room, in even rows where that costs little.
function lay(layer, room) {
  const count = layer.shape[0];
  const step = 1 / Math.max(1, Math.floor(window.devicePixelRatio || 1));
  const highest = room < 560 ? HIGHEST_ON_PHONES : HIGHEST;
  let best = null;
  for (let columns = 1; columns <= count; columns++) {
    const across = (room - 2 * EDGE + GAP) / columns - GAP, rows = Math.ceil(count / columns);
    let k = isSingle(layer) && !layer.filters ? LARGEST_UNIT : 16;
    const tooLarge = ({ across: wide, down }) => wide > across || rows * (down + GAP) - GAP > highest;
    while (k > 1 && tooLarge(tile(layer, k))) k -= step;
    const worth = k * (count % columns ? 1 : EVEN);
    const fits = tile(layer, k).across <= across;
    if (!best || (fits && (worth > best.worth || (worth === best.worth && rows < best.rows)))) {
      best = { worth, columns, rows, ...tile(layer, k) };
    }
  }
  best.width = best.columns * (best.across + GAP) - GAP + 2 * EDGE;
  best.height = best.rows * (best.down + GAP) - GAP + 2 * EDGE;
  return best;
}

function isSingle({ shape: [, high, wide] }) {
  return high * wide === 1;
}

// A map, and its filter beside it or above it, where a unit takes k px.
function tile(layer, k) {
  const [, high, wide] = layer.shape;
  if (!layer.filters) return { map: [0, 0, wide * k, high * k], across: wide * k, down: high * k };
  const [, tall, broad] = layer.filters.shape;
  if (isSingle(layer)) {
    const map = [0, tall * k + 1, broad * k, 7];
    return { filter: [0, 0, broad * k, tall * k], map, across: broad * k, down: tall * k + 8 };
  }
  const side = Math.round((high * k) / 3);
  const filter = [wide * k + 3, 0, side, Math.round((side * tall) / broad)];
  return { filter, map: [0, 0, wide * k, high * k], across: wide * k + 3 + side, down: high * k };
}

function strongest(layer) {
  let place = 0;
  layer.values.forEach((_, i) => {
    if (Math.abs(shareAt(layer, i)) > Math.abs(shareAt(layer, place))) place = i;
  });
  return placed(layer, place);
}

function placed({ shape: [, high, wide] }, place) {
  return { map: Math.floor(place / (high * wide)), row: Math.floor(place / wide) % high, column: place % wide };
}

