/** Cells as Excel and WPS put them on the clipboard: tabs between, quotes around what holds tabs or line breaks. */

export function parse(text) {
  const rows = [[]];
  let cell = "";
  let place = 0;
  const ends = () => rows.at(-1).push(cell);
  while (place < text.length) {
    const letter = text[place];
    if (letter === '"' && cell === "" && isQuoted(text, place)) {
      const end = closing(text, place);
      cell = text.slice(place + 1, end).replaceAll('""', '"').replace(/\r\n?/g, "\n");
      place = end + 1;
      continue;
    }
    if (letter === "\t") {
      ends();
      cell = "";
    } else if (letter === "\n" || letter === "\r") {
      if (letter === "\r" && text[place + 1] === "\n") place += 1;
      ends();
      cell = "";
      if (place + 1 < text.length) rows.push([]);
      else return rows;
    } else cell += letter;
    place += 1;
  }
  ends();
  return rows;
}

/** Cells are quoted only where they need it: what has a quote at either end and nothing to hide is meant so. */
function isQuoted(text, place) {
  const end = closing(text, place);
  if (end < 0) return false;
  const inside = text.slice(place + 1, end);
  const next = text[end + 1];
  return (next === undefined || "\t\r\n".includes(next)) && /[\t\r\n]|""/.test(inside);
}

function closing(text, place) {
  let end = place + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end < 0 || text[end + 1] !== '"') return end;
    end += 2;
  }
}

export function write(rows) {
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}

function quoted(cell) {
  return /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
