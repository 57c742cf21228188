
// One symbol's chart: price, the 24 hours' range, what rules compare it with, and the alerts.

const DAY_MS = 86_400_000;
const SHORTEST_MS = 60_000; // the closest look
const NEAR = 14; // CSS pixels between a pointer and a mark that is meant

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const COLORS = 10;

/**
 * Which of the colors each rule of a symbol has. Each keeps its own (`favourites`, by rule) on all
 * symbols, unless one before it in `rules` has that already and another is free.
 */
function colorsOf(rules, favourites) {
  const given = new Map();
  for (const rule of rules) {
    const taken = new Set(given.values());
    const wanted = [...Array(COLORS).keys()].map((step) => (favourites[rule] + step) % COLORS);
    given.set(rule, wanted.find((it) => !taken.has(it)) ?? wanted[0]);
  }
  return given;
}

/**
 * Draws `table` (as page_data.py has it) into the element `box`. `names` are the rules' names,
 * `colors` the places of their colors; `on.point(index)` is told of the place of the alert under the pointer, or -1; `on.pick(index)` of
 * one that was clicked; `on.view()` that another stretch of time is looked at.
 */
class Chart {
  constructor(box, table, { names, colors, hidden, on }) {
    this.table = table;
    this.names = names;
    this.colors = colors;
    this.on = on;
    this.columns = columnsOf(table);
    this.decimals = decimalsOf(table.closes);
    this.times = table.alerts.map((alert) => alert.time);
    this.hidden = hidden;
    this.selected = -1;
    this.pointed = -1;
    this.box = box;
    this.plot = this.made();
    this.resizing = new ResizeObserver(() => this.plot.setSize(this.size()));
    this.resizing.observe(box);
  }

  destroy() {
    this.resizing.disconnect();
    this.plot.destroy();
  }

  /** Draws everything anew, in the colors that hold now. */
  repaint() {
    const { min, max } = this.plot.scales.x;
    this.plot.destroy();
    this.plot = this.made();
    this.plot.setScale("x", { min, max });
  }

  ruleColor(rule) {
    return color(`rule-${this.colors.get(rule)}`);
  }

  get first() {
    return this.columns[0][0];
  }

  get last() {
    return this.columns[0].at(-1);
  }

  get view() {
    const { min, max } = this.plot.scales.x;
    return { min: min ?? this.first, max: max ?? this.last };
  }

  /** Looks at a stretch of time of this length around a moment, as far as there is data. */
  look(middle, length) {
    const span = Math.min(Math.max(length, SHORTEST_MS), this.last - this.first);
    const from = Math.min(Math.max(middle - span / 2, this.first), this.last - span);
    this.plot.setScale("x", { min: from, max: from + span });
  }

  /** Moves the view by a share of its length. */
  move(share) {
    const { min, max } = this.view;
    this.look((min + max) / 2 + share * (max - min), max - min);
  }

  /** Makes the view longer by a factor, or shorter; around the selected alert where that is in it. */
  stretch(factor) {
    const { min, max } = this.view;
    const time = this.times[this.selected];
    const middle = time >= min && time <= max ? time : (min + max) / 2;
    this.look(middle, factor * (max - min));
  }

  whole() {
    this.look(0, Infinity);
  }

  /** Goes to an alert: near enough to tell it from the others of its day. */
  goTo(index) {
    const { min, max } = this.view;
    const span = max - min;
    const time = this.times[index];
    if (span > 3 * DAY_MS) this.look(time, DAY_MS / 2);
    else if (time < min + span / 10 || time > max - span / 10) this.look(time, span);
  }

  shows(index) {
    return !this.hidden.has(this.table.alerts[index].rule);
  }

  /** Where a mark is, in CSS pixels within the plotting area; null where it is out of sight. */
  place(index) {
    const alert = this.table.alerts[index];
    const { min, max } = this.view;
    if (alert === undefined || alert.time < min || alert.time > max) return null;
    return { x: this.plot.valToPos(alert.time, "x"), y: this.plot.valToPos(alert.price, "y") };
  }

  redraw() {
    this.plot.redraw(true, true);
  }

  size() {
    return { width: this.box.clientWidth, height: this.box.clientHeight };
  }

  made() {
    const faint = color("faint");
    const grid = { stroke: color("grid"), width: 1 };
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: faint, grid, ticks: { ...grid, size: 5 }, font };
    const day = { stroke: color("day"), width: 1, dash: [2, 3], auto: false, paths: uPlot.paths.stepped({ align: -1 }) };
    const plot = new uPlot(
      {
        ...this.size(),
        ms: 1,
        tzDate: (ms) => uPlot.tzDate(new Date(ms), "UTC"),
        legend: { show: false },
        padding: [10, 8, 0, 0],
        cursor: { drag: { x: true, y: false, dist: 6 }, points: { show: false } },
        scales: { y: { range: (_, low, high) => this.priceRange(low, high) } },
        axes: [
          { ...axis, values: TIME_TEXTS, space: 62 },
          { ...axis, values: (_, prices, __, ___, step) => axisTexts(prices, step), size: axisWidth },
        ],
        series: [
          {},
          { stroke: color("price"), width: 1.5, points: { show: false } },
          { stroke: "transparent", points: { show: false } },
          { stroke: "transparent", points: { show: false } },
          { ...day, points: { show: false } },
          { ...day, points: { show: false } },
        ],
        bands: [{ series: [3, 2], fill: color("band") }],
        hooks: {
          drawAxes: [() => this.drawLevels()],
          draw: [() => this.drawNames(), () => this.drawMarks()],
          setCursor: [() => this.pointAt()],
          setScale: [(_, scale) => scale === "x" && this.on.view()],
          ready: [(it) => this.listen(it.over)],
        },
      },
      this.columns,
      this.box,
    );
    return plot;
  }

  /** The prices in view with some air, and the levels that are not far from them. */
  priceRange(low, high) {
    if (low == null) return [0, 1];
    const extent = high - low || high / 1000;
    let [from, to] = [low, high];
    for (const level of this.levels().flatMap(({ level }) => level)) {
      if (level > low - extent / 2 && level < high + extent / 2) {
        from = Math.min(from, level);
        to = Math.max(to, level);
      }
    }
    const air = 0.07 * (to - from || extent);
    return [from - air, to + air];
  }

  levels() {
    return this.table.levels.filter(({ rule }) => !this.hidden.has(rule));
  }

  /** Which alerts are in view, by their places. */
  inView() {
    const { min, max } = this.view;
    const places = [];
    for (let at = firstFrom(this.times, min); at < this.times.length && this.times[at] <= max; at++) {
      if (this.shows(at)) places.push(at);
    }
    return places;
  }

  /** Lines at the prices that rules name, and a tint between the two of a band. */
  drawLevels() {
    this.clipped((context, { left, width }, ratio) => {
      context.lineWidth = ratio;
      for (const { rule, level } of this.levels()) {
        const ys = [level].flat().map((price) => this.plot.valToPos(price, "y", true));
        context.strokeStyle = context.fillStyle = this.ruleColor(rule);
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
  drawNames() {
    this.clipped((context, { left, width }, ratio) => {
      const named = [];
      context.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
      context.textAlign = "right";
      context.lineWidth = 4 * ratio;
      context.lineJoin = "round";
      context.strokeStyle = color("surface");
      for (const { rule, level } of this.levels()) {
        const y = this.plot.valToPos([level].flat().at(-1), "y", true) - 5 * ratio;
        if (named.some((other) => Math.abs(other - y) < 14 * ratio)) continue;
        named.push(y);
        const text = [`${this.names[rule]}  ${levelText(level)}`, left + width - 4 * ratio, y];
        context.strokeText(...text);
        context.fillStyle = this.ruleColor(rule);
        context.fillText(...text);
      }
    });
  }

  drawMarks() {
    this.clipped((context, area, ratio) => {
      const surface = color("surface");
      const places = this.inView().filter((place) => place !== this.selected);
      if (this.selected >= 0 && this.shows(this.selected)) {
        const x = this.plot.valToPos(this.times[this.selected], "x", true);
        context.strokeStyle = color("faint");
        context.lineWidth = ratio;
        line(context, x, area.top, x, area.top + area.height, [2 * ratio, 3 * ratio]);
        places.push(this.selected);
      }
      for (const place of places) this.drawMark(context, place, ratio, surface);
    });
  }

  /**
   * A full disc where a rule fired, a ring where it is over; a dash at what the price was compared
   * with, where these would not cover each other.
   */
  drawMark(context, place, ratio, surface) {
    const alert = this.table.alerts[place];
    const chosen = place === this.selected || place === this.pointed;
    const radius = (chosen ? 8 : alert.severity === "critical" ? 6.5 : 5) * ratio;
    const x = this.plot.valToPos(alert.time, "x", true);
    const y = this.plot.valToPos(alert.price, "y", true);
    context.strokeStyle = context.fillStyle = this.ruleColor(alert.rule);
    context.lineWidth = 2 * ratio;
    const close = chosen || this.view.max - this.view.min < 3 * DAY_MS;
    for (const level of close ? [alert.level ?? []].flat() : []) {
      const at = this.plot.valToPos(level, "y", true);
      line(context, x - 12 * ratio, at, x + 12 * ratio, at, []);
    }
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = alert.state === "resolved" ? surface : context.fillStyle;
    context.fill();
    context.strokeStyle = alert.state === "resolved" ? this.ruleColor(alert.rule) : surface;
    context.lineWidth = 1.5 * ratio;
    context.stroke();
  }

  /** A click picks an alert; one finger moves the view, two stretch it. A mouse's drag is uPlot's. */
  listen(over) {
    const fingers = new Map();
    const spread = () => {
      const xs = [...fingers.values()];
      return { middle: (Math.min(...xs) + Math.max(...xs)) / 2, width: Math.max(...xs) - Math.min(...xs) };
    };
    over.addEventListener("click", () => this.pointed >= 0 && this.on.pick(this.pointed));
    over.addEventListener("pointerdown", (it) => it.pointerType === "touch" && fingers.set(it.pointerId, it.clientX));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
      over.addEventListener(end, (it) => fingers.delete(it.pointerId));
    }
    over.addEventListener("pointermove", (it) => {
      if (!fingers.has(it.pointerId)) return;
      const before = spread();
      fingers.set(it.pointerId, it.clientX);
      const after = spread();
      const { min, max } = this.view;
      const length = (max - min) * (before.width && after.width ? before.width / after.width : 1);
      this.look((min + max) / 2 - ((after.middle - before.middle) / over.clientWidth) * length, length);
    });
  }

  /** Calls `draw` with what is outside of the plotting area out of reach, and no trace left behind. */
  clipped(draw) {
    const { ctx, bbox } = this.plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx, bbox, devicePixelRatio);
    ctx.restore();
  }

  /** Finds the mark under the pointer. */
  pointAt() {
    const { left, top } = this.plot.cursor;
    let [found, nearest] = [-1, NEAR];
    if (left >= 0) {
      const from = firstFrom(this.times, this.plot.posToVal(left - NEAR, "x"));
      const until = this.plot.posToVal(left + NEAR, "x");
      for (let at = from; at < this.times.length && this.times[at] <= until; at++) {
        const place = this.shows(at) ? this.place(at) : null;
        const distance = place && Math.hypot(place.x - left, place.y - top);
        if (place && distance < nearest) [found, nearest] = [at, distance];
      }
    }
    if (found !== this.pointed) {
      this.pointed = found;
      this.plot.redraw(false, false);
    }
    this.on.point(found);
  }
}

function line(context, fromX, fromY, toX, toY, dash) {
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
  context.setLineDash([]);
}

function axisWidth(plot, texts) {
  if (texts === null) return 50;
  const context = plot.ctx;
  context.save();
  context.font = `12px sans-serif`;
  const widest = Math.max(...texts.map((text) => context.measureText(text).width));
  context.restore();
  return Math.ceil(widest) + 20;
}
