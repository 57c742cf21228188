// What the page shows is packed into it as JSON, gzipped, as base64. Nothing of it is ever HTML:
// names and texts become text nodes, wherever they come from.

async function unpack(id) {
  const letters = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** The index of the first of `times` that is not before `time`. */
function firstFrom(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * The columns that are drawn: times, closes, lows, highs, the day's lows, the day's highs.
 * Where data is missing, that is where nothing came for much longer than usual, there is a null.
 */
function columnsOf(table) {
  const usual = median(table.times.slice(1));
  const longest = Math.max(5 * usual, 5 * 60_000);
  const columns = [[], [], [], [], [], []];
  const given = [table.closes, table.lows ?? table.closes, table.highs ?? table.closes, table.day_lows, table.day_highs];
  let time = 0;
  table.times.forEach((step, index) => {
    if (index > 0 && step > longest) {
      columns[0].push(time + 1);
      for (const column of columns.slice(1)) column.push(null);
    }
    time += step;
    columns[0].push(time);
    given.forEach((numbers, place) => columns[place + 1].push(numbers[index]));
  });
  return columns;
}
