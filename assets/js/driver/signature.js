// A pad to sign on with a finger: dark ink on white paper in every theme, the same picture on every screen.
const INK = "#11181c";
const PEN = 2.6;
const SHARPNESS = 2; // pixels of the picture for one of the pad
const strokes = new WeakMap(); // pad to strokes, each a list of points

const of = (pad) => strokes.get(pad) ?? [];
export const isSigned = (pad) => of(pad).length > 0;

function draw(context, line) {
  const [[x, y], ...rest] = line;
  Object.assign(context, { strokeStyle: INK, fillStyle: INK, lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  context.beginPath();
  if (!rest.length) {
    context.arc(x, y, PEN / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(x, y);
  line.forEach(([fromX, fromY], place) => {
    const [toX, toY] = line[place + 1] ?? [fromX, fromY];
    context.quadraticCurveTo(fromX, fromY, (fromX + toX) / 2, (fromY + toY) / 2);
  });
  context.stroke();
}
function paint(canvas, pad, scale) {
  canvas.width = Math.round(pad.clientWidth * scale);
  canvas.height = Math.round(pad.clientHeight * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  of(pad).forEach((line) => draw(context, line));
}
function show(pad) {
  paint(pad, pad, devicePixelRatio);
  pad.parentElement.dataset.signed = String(isSigned(pad));
}
export function clear(pad) {
  strokes.delete(pad);
  show(pad);
}
// What was drawn, as a PNG on white; nothing when nothing was.
export function picture(pad) {
  if (!pad || !isSigned(pad)) return null;
  const sheet = document.createElement("canvas");
  paint(sheet, pad, SHARPNESS);
  const [, bytes] = sheet.toDataURL("image/png").split(",");
  return new Blob([Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0))], { type: "image/png" });
}

const point = (pad, { clientX, clientY }) => {
  const { left, top } = pad.getBoundingClientRect();
  return [clientX - left - pad.clientLeft, clientY - top - pad.clientTop];
};
let writing = null;
document.addEventListener("pointerdown", (event) => {
  const pad = event.target;
  if (!pad.matches?.("canvas[data-pad]") || writing || event.button) return;
  writing = { pad, pointer: event.pointerId, line: [point(pad, event)] };
  strokes.set(pad, [...of(pad), writing.line]);
  pad.setPointerCapture(event.pointerId);
  show(pad);
});
document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== writing?.pointer) return;
  const passed = event.getCoalescedEvents?.() ?? [];
  for (const each of passed.length ? passed : [event]) writing.line.push(point(writing.pad, each));
  show(writing.pad);
});
for (const over of ["pointerup", "pointercancel"]) {
  document.addEventListener(over, (event) => { if (event.pointerId === writing?.pointer) writing = null; });
}
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-pad-clear]")) clear(event.target.closest("form").querySelector("[data-pad]"));
});
