
// Numbers and times as people read them. Times are UTC: a replay reads the same everywhere.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const twoDigits = (number) => String(number).padStart(2, "0");

function dayText(ms) {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** A moment to the minute, or to the second where it is not a kline's last. */
function momentText(ms) {
  const date = new Date(ms);
  const clock = `${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${clock}`;
}

const countText = (count, one) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

/** How many decimals a number has when it is written in full: at most 12. */
function decimalsIn(number) {
  const fraction = number.toFixed(12).replace(/0+$/, "").split(".")[1];
  const short = String(number);
  return /e/.test(short) ? fraction.length : (short.split(".")[1] ?? "").length;
}

/** The decimals in which all of some prices can be written; a quotient among them does not count. */
function decimalsOf(prices) {
  return Math.max(0, ...prices.slice(0, 2000).map(decimalsIn).filter((count) => count <= 8));
}

/** A price with the decimals of its symbol, or with more where it has more. */
const priceText = (price, decimals = 0) => price.toFixed(Math.max(decimals, Math.min(decimalsIn(price), 8)));

/** A price, or the two of a band. */
const levelText = (level) => [level].flat().map((price) => priceText(price)).join(" to ");

/** The labels of a price axis: as many decimals as its steps have. */
const axisTexts = (prices, step) => prices.map((price) => price.toFixed(decimalsIn(step)));

/** The labels of the axis of time: [steps from so many ms on, label, and with it what is new since the last]. */
const TIME_TEXTS = [
  [365 * 86_400_000, "{YYYY}"],
  [28 * 86_400_000, "{MMM}", "\n{YYYY}"],
  [86_400_000, "{D} {MMM}", "\n{YYYY}"],
  [60_000, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}"],
  [1_000, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}"],
  [1, "{HH}:{mm}:{ss}.{fff}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}"],
].map(([step, text, year = null, month = null, day = null]) => [step, text, year, month, day, null, null, null, 1]);
