
// The page: which symbol, which alerts, and what is known of the moment that is pointed at.

const $ = (id) => document.getElementById(id);

function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

class Page {
  constructor(overview) {
    this.overview = overview;
    this.names = overview.rules.map((rule) => rule.name);
    this.hidden = new Set();
    // Those that alert most have the colors that differ most from each other.
    this.loudest = [...overview.rules.keys()].sort((a, b) => overview.rules[b].alerts - overview.rules[a].alerts);
    this.chart = null;
    this.shown = -1;
    this.tell();
    this.listen();
  }

  get alerts() {
    return this.chart.table.alerts;
  }

  /** What does not change with the symbol. */
  tell() {
    const { alerts, rules, symbols, not_drawn: others, notes } = this.overview;
    const fired = symbols.filter((symbol) => symbol.alerts > 0).length + others.length;
    const from = `${countText(alerts, "alert")} of ${countText(rules.length, "rule")}`;
    $("summary").textContent = alerts ? `${from}, on ${countText(fired, "symbol")}` : from;
    for (const { name, alerts: count } of symbols) {
      $("symbols").append(element("option", count ? `${name}: ${countText(count, "alert")}` : `${name}: no alert`));
    }
    const rest = others.map(([name, count]) => `${name} (${count})`).join(", ");
    const lines = rest ? [...notes, `Without a chart here, for want of room: ${rest}`] : notes;
    $("notes").append(...lines.map((text) => element("li", text)));
    for (const rule of rules) {
      const row = element("tr");
      row.append(...[rule.name, rule.severity, rule.when, rule.alerts.toLocaleString("en")].map((it) => element("td", it)));
      $("rules").tBodies[0].append(row);
    }
  }

  listen() {
    $("symbols").addEventListener("change", () => this.show($("symbols").selectedIndex));
    $("symbol-before").addEventListener("click", () => this.show(this.shown - 1));
    $("symbol-after").addEventListener("click", () => this.show(this.shown + 1));
    for (const button of $("tools").querySelectorAll("button")) {
      button.addEventListener("click", () => this.act(button.dataset.do));
    }
    document.addEventListener("keydown", (event) => this.press(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.chart?.repaint());
  }

  async show(place) {
    if (place < 0 || place >= this.overview.symbols.length) return;
    this.shown = place;
    const table = await unpack(`symbol-${place}`);
    if (this.shown !== place) return; // another was asked for meanwhile
    this.chart?.destroy();
    this.chart = null;
    $("symbols").selectedIndex = place;
    $("symbol-before").disabled = place === 0;
    $("symbol-after").disabled = place === this.overview.symbols.length - 1;
    $("tip").hidden = true;
    this.chart = new Chart($("chart"), table, {
      names: this.names,
      colors: this.colors(table),
      hidden: this.hidden,
      on: {
        point: (index) => this.point(index),
        pick: (index) => this.select(index),
        view: () => this.point(this.chart?.pointed ?? -1),
      },
    });
    this.filters();
    this.list();
    this.point(-1);
  }

  colors(table) {
    const seen = new Set([...table.alerts, ...table.levels].map(({ rule }) => rule));
    const favourites = this.names.map((_, rule) => this.loudest.indexOf(rule) % COLORS);
    return colorsOf(this.loudest.filter((rule) => seen.has(rule)), favourites);
  }

  act(what) {
    const acts = {
      earlier: () => this.chart.move(-0.25),
      later: () => this.chart.move(0.25),
      closer: () => this.chart.stretch(0.5),
      wider: () => this.chart.stretch(2),
      whole: () => this.chart.whole(),
      previous: () => this.step(-1),
      next: () => this.step(1),
    };
    if (this.chart) acts[what]();
  }

  press(event) {
    const keys = {
      ArrowLeft: "earlier", ArrowRight: "later", "+": "closer", "=": "closer", "-": "wider",
      0: "whole", Home: "whole", n: "next", p: "previous",
    };
    const what = keys[event.key];
    if (!what || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select")) return;
    event.preventDefault();
    this.act(what);
  }

  /** Buttons for the rules that alerted here, each to leave it out or take it in again. */
  filters() {
    const counts = new Map();
    for (const { rule } of this.alerts) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const buttons = [...counts.keys()].sort((a, b) => a - b).map((rule) => {
      const button = element("button");
      button.type = "button";
      button.title = this.overview.rules[rule].when;
      button.setAttribute("aria-pressed", String(!this.hidden.has(rule)));
      button.append(this.dot(rule, "firing"), element("span", `${this.names[rule]} ${counts.get(rule)}`));
      button.addEventListener("click", () => this.toggle(rule));
      return button;
    });
    $("filters").replaceChildren(...buttons);
  }

  toggle(rule) {
    if (!this.hidden.delete(rule)) this.hidden.add(rule);
    if (this.chart.selected >= 0 && !this.chart.shows(this.chart.selected)) this.select(-1);
    this.filters();
    this.list();
    this.chart.redraw();
  }

  list() {
    const places = this.alerts.map((_, index) => index).filter((index) => this.chart.shows(index));
    const { alerts, shown } = this.overview.symbols[this.shown];
    $("alerts-title").textContent =
      places.length === alerts ? countText(alerts, "alert") : `${places.length} of ${countText(alerts, "alert")}`;
    $("cut").textContent = shown < alerts ? `The first ${countText(shown, "alert")} of this symbol are in this page.` : "";
    $("list").replaceChildren(...places.map((index) => this.item(index)));
    this.mark(this.chart.selected);
  }

  item(index) {
    const alert = this.alerts[index];
    const button = element("button");
    button.type = "button";
    button.dataset.place = index;
    const account = `${momentText(alert.time)} · ${this.names[alert.rule]}`;
    button.append(this.dot(alert.rule, alert.state), element("strong", alert.title), element("small", account));
    button.addEventListener("click", () => this.goTo(index));
    const item = element("li");
    item.append(button);
    return item;
  }

  /** Goes to the next alert, or the previous one: of the selected one, or of the view's beginning. */
  step(direction) {
    const { selected, times, view } = this.chart;
    let at = selected >= 0 ? selected + direction : firstFrom(times, view.min) - (direction < 0 ? 1 : 0);
    while (at >= 0 && at < times.length && !this.chart.shows(at)) at += direction;
    if (at >= 0 && at < times.length) this.goTo(at);
  }

  goTo(index) {
    this.chart.goTo(index);
    this.select(index);
  }

  select(index) {
    this.chart.selected = index;
    this.chart.plot.redraw(false, false);
    this.mark(index);
    this.tip(index);
  }

  mark(index) {
    $("list").querySelector('[aria-current="true"]')?.removeAttribute("aria-current");
    const button = $("list").querySelector(`[data-place="${index}"]`);
    if (!button) return;
    button.setAttribute("aria-current", "true");
    const [list, item] = [$("list"), button.parentElement];
    const top = item.offsetTop - list.offsetTop;
    if (top < list.scrollTop || top + item.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = top - list.clientHeight / 3;
    }
  }

  point(index) {
    if (!this.chart) return;
    this.tip(index >= 0 ? index : this.chart.selected);
    this.read();
  }

  /** The line above the chart: the moment under the pointer, else the stretch that is looked at. */
  read() {
    const { plot, columns, times, pointed, decimals } = this.chart;
    const { min, max } = this.chart.view;
    // Of a mark that is pointed at, its own moment, though the next may be nearer to the pointer.
    const at = pointed >= 0 ? firstFrom(columns[0], times[pointed]) : plot.cursor.idx;
    const [time, close, low, high, dayLow, dayHigh] = columns.map((column) => column[at]);
    if (at == null || close == null) {
      const written = max - min < 3 * DAY_MS ? momentText : dayText;
      $("readout").textContent = Number.isFinite(min) ? `${written(min)} to ${written(max)}` : "No ticker";
      return;
    }
    const text = (price) => priceText(price, decimals);
    const slot = low < high ? ` (${text(low)} to ${text(high)})` : "";
    $("readout").replaceChildren(
      `${momentText(time)}  `, element("b", text(close)), `${slot}, 24 h ${text(dayLow)} to ${text(dayHigh)}`,
    );
  }

  /** Says beside its mark what an alert said. */
  tip(index) {
    const place = index >= 0 && this.chart.shows(index) ? this.chart.place(index) : null;
    const tip = $("tip");
    tip.hidden = place === null;
    if (place === null) return;
    const alert = this.alerts[index];
    const about = [`${momentText(alert.time)} UTC`, this.names[alert.rule], alert.severity];
    tip.style.borderLeftColor = `var(--rule-${this.chart.colors.get(alert.rule)})`;
    tip.replaceChildren(
      element("strong", alert.title),
      element("small", about.join(" · ")),
      element("p", alert.body),
    );
    this.put(tip, place);
  }

  /** Puts a box beside a place of the chart: left or right, higher or lower, where it hides least of the price. */
  put(box, { x, y }) {
    const { over } = this.chart.plot;
    const { offsetWidth: width, offsetHeight: height } = box;
    const [right, bottom] = [over.clientWidth, over.clientHeight];
    const lefts = [x - 16 - width, x + 16].map((left) => Math.max(0, Math.min(left, right - width)));
    const tops = [y - height - 8, y + 8].map((top) => Math.max(0, Math.min(top, bottom - height)));
    const places = lefts.flatMap((left) => tops.map((top) => ({ left, top })));
    const hidden = places.map(({ left, top }) => this.chart.pathWithin(left, top, left + width, top + height));
    const { left, top } = places[hidden.indexOf(Math.min(...hidden))];
    box.style.left = `${left + over.offsetLeft}px`;
    box.style.top = `${top + over.offsetTop}px`;
  }

  dot(rule, state) {
    const made = element("span", "", `dot ${state}`);
    made.style.color = `var(--rule-${this.chart.colors.get(rule)})`;
    return made;
  }
}

async function openPage() {
  if (!("DecompressionStream" in window)) {
    $("summary").textContent = "This page needs a browser from 2023 or later.";
    return null;
  }
  const page = new Page(await unpack("overview"));
  await page.show(0);
  return page;
}

const opened = openPage();
