
// Colors are in the style sheet, for bright and for dark screens.

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
