
// One symbol's chart: price, the 24 hours' range, what rules compare it with, and the alerts.

const DAY_MS = 86_400_000;
const SHORTEST_MS = 60_000; // the closest look
const NEAR = 14; // CSS pixels between a pointer and a mark that is meant

/**
 * Draws `table` (as page_data.py has it) into the element `box`. Of the rules, by their places,
 * `names` are the names, `colors` the places of their colors, `hidden` those that are left out.
 * `on.point(index)` is told of the alert under the pointer, -1 for none; `on.pick(index)` of one
 * that was clicked; `on.view()` that another stretch of time is looked at.
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

  slotsInView() {
    const { min, max } = this.view;
    return firstFrom(this.columns[0], max) - firstFrom(this.columns[0], min) + 1;
  }

  /** How much would be hidden by a box of CSS pixels: the share of the path in view, and a tenth for each mark. */
  pathWithin(left, top, right, bottom) {
    const [from, to] = [this.plot.posToVal(left, "x"), this.plot.posToVal(right, "x")];
    const [low, high] = [this.plot.posToVal(bottom, "y"), this.plot.posToVal(top, "y")];
    const [times, closes] = this.columns;
    const inside = (price) => price !== null && price >= low && price <= high;
    const slots = closes.slice(firstFrom(times, from), firstFrom(times, to)).filter(inside);
    const marks = this.inView().map((place) => this.table.alerts[place]);
    const covered = marks.filter(({ time, price }) => time >= from && time <= to && inside(price));
    return slots.length / this.slotsInView() + covered.length / 10;
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
    return new uPlot(
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
          drawAxes: [() => paintLevels(this)],
          draw: [() => paintNames(this), () => paintMarks(this)],
          setCursor: [() => this.pointAt()],
          setScale: [(_, scale) => scale === "x" && this.on.view()],
          ready: [(it) => this.listen(it.over)],
        },
      },
      this.columns,
      this.box,
    );
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

  /** A click picks an alert. */
  listen(over) {
    over.addEventListener("click", () => this.pointed >= 0 && this.on.pick(this.pointed));
    followFingers(this, over);
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

function axisWidth(plot, texts) {
  if (texts === null) return 50;
  const context = plot.ctx;
  context.save();
  context.font = `12px sans-serif`;
  const widest = Math.max(...texts.map((text) => context.measureText(text).width));
  context.restore();
  return Math.ceil(widest) + 20;
}
