
// One finger moves a chart, two stretch it; a mouse's drag is uPlot's own business.

function followFingers(chart, over) {
  const fingers = new Map();
  const spread = () => {
    const xs = [...fingers.values()];
    return { middle: (Math.min(...xs) + Math.max(...xs)) / 2, width: Math.max(...xs) - Math.min(...xs) };
  };
  over.addEventListener("pointerdown", (it) => it.pointerType === "touch" && fingers.set(it.pointerId, it.clientX));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    over.addEventListener(end, (it) => fingers.delete(it.pointerId));
  }
  over.addEventListener("pointermove", (it) => {
    if (!fingers.has(it.pointerId)) return;
    const before = spread();
    fingers.set(it.pointerId, it.clientX);
    const after = spread();
    const { min, max } = chart.view;
    const length = (max - min) * (before.width && after.width ? before.width / after.width : 1);
    chart.look((min + max) / 2 - ((after.middle - before.middle) / over.clientWidth) * length, length);
  });
}
