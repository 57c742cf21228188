
// What a chart has beyond its lines: levels, their names, and the alerts' marks.

/** Lines at the prices that rules name, and a tint between the two of a band. */
function paintLevels(chart) {
  clipped(chart.plot, (context, { left, width }, ratio) => {
    context.lineWidth = ratio;
    for (const { rule, level } of chart.levels()) {
      const ys = [level].flat().map((price) => chart.plot.valToPos(price, "y", true));
      context.strokeStyle = context.fillStyle = chart.ruleColor(rule);
      if (ys.length === 2) {
        context.globalAlpha = 0.1;
        context.fillRect(left, ys[1], width, ys[0] - ys[1]);
        context.globalAlpha = 1;
      }
      for (const y of ys) line(context, left, y, left + width, y, [6 * ratio, 4 * ratio]);
    }
  });
}

/** The names of the rules on their lines, as far as there is room for all of them. */
function paintNames(chart) {
  clipped(chart.plot, (context, { left, width }, ratio) => {
    const named = [];
    context.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    context.textAlign = "right";
    context.lineWidth = 4 * ratio;
    context.lineJoin = "round";
    context.strokeStyle = color("surface");
    for (const { rule, level } of chart.levels()) {
      const y = chart.plot.valToPos([level].flat().at(-1), "y", true) - 5 * ratio;
      if (named.some((other) => Math.abs(other - y) < 14 * ratio)) continue;
      named.push(y);
      const text = [`${chart.names[rule]}  ${levelText(level)}`, left + width - 4 * ratio, y];
      context.strokeText(...text);
      context.fillStyle = chart.ruleColor(rule);
      context.fillText(...text);
    }
  });
}

function paintMarks(chart) {
  clipped(chart.plot, (context, area, ratio) => {
    const surface = color("surface");
    const places = chart.inView().filter((place) => place !== chart.selected);
    if (chart.selected >= 0 && chart.shows(chart.selected)) {
      const x = chart.plot.valToPos(chart.times[chart.selected], "x", true);
      context.strokeStyle = color("faint");
      context.lineWidth = ratio;
      line(context, x, area.top, x, area.top + area.height, [2 * ratio, 3 * ratio]);
      places.push(chart.selected);
    }
    for (const place of places) paintMark(chart, context, place, ratio, surface);
  });
}

/**
 * A full disc where a rule fired, a ring where it is over; a dash at what the price was compared
 * with, where these would not cover each other.
 */
function paintMark(chart, context, place, ratio, surface) {
  const alert = chart.table.alerts[place];
  const chosen = place === chart.selected || place === chart.pointed;
  const radius = (chosen ? 8 : alert.severity === "critical" ? 6.5 : 5) * ratio;
  const x = chart.plot.valToPos(alert.time, "x", true);
  const y = chart.plot.valToPos(alert.price, "y", true);
  context.strokeStyle = context.fillStyle = chart.ruleColor(alert.rule);
  context.lineWidth = 2 * ratio;
  const close = chosen || chart.view.max - chart.view.min < 3 * DAY_MS;
  for (const level of close ? [alert.level ?? []].flat() : []) {
    const at = chart.plot.valToPos(level, "y", true);
    line(context, x - 12 * ratio, at, x + 12 * ratio, at, []);
  }
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = alert.state === "resolved" ? surface : context.fillStyle;
  context.fill();
  context.strokeStyle = alert.state === "resolved" ? chart.ruleColor(alert.rule) : surface;
  context.lineWidth = 1.5 * ratio;
  context.stroke();
}

/** Calls `draw` with what is outside of the plotting area out of reach, and no trace left behind. */
function clipped({ ctx, bbox }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox, devicePixelRatio);
  ctx.restore();
}

function line(context, fromX, fromY, toX, toY, dash) {
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
  context.setLineDash([]);
}
