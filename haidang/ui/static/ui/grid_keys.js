// Moving through the number grid: spatial arrows, Tab, Enter, Home and End, blocks, and from one finding to the next.

/** What is typed into in a cell: a number's input, or the box of a cell that holds words. */
export const FIELD = "input, textarea";

/** The cells of the grid as a spreadsheet has them: rows, columns, inputs, and where each stands. */
export function readGrid(form) {
  const table = form.querySelector(".ngrid");
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  // Positions count every cell of the form and leave out the columns of earlier cycles.
  const cellsOf = rows.map((row) => [...row.cells].filter((cell) => cell.dataset.cell !== undefined));
  const byCode = new Map();
  const place = new Map();
  const inputs = [];
  cellsOf.forEach((cells, row) => cells.forEach((cell, column) => {
    place.set(cell, [row, column]);
    if (cell.dataset.cell) byCode.set(cell.dataset.cell, cell);
    const input = cell.querySelector(FIELD);
    if (input) inputs.push(input);
  }));
  // Whoever enters passes over locked cells; whoever only reads a filing, all of it locked, goes to any cell.
  const open = inputs.filter((input) => !input.readOnly);
  const fields = open.length ? open : inputs;
  const order = new Map(fields.map((input, index) => [input, index]));
  const at = (row, column) => {
    const input = cellsOf[row]?.[column]?.querySelector(FIELD);
    return order.has(input) ? input : null;
  };
  return { form, table, rows, cellsOf, byCode, place, inputs, fields, order, at };
}

/** Moves from an input; each gives the input to go to, or nothing. */
export function movesOf({ cellsOf, rows, place, fields, order, at }) {
  const step = (input, down, right) => {
    let [row, column] = place.get(input.closest("td"));
    for (row += down, column += right; cellsOf[row]?.[column]; row += down, column += right) {
      const next = at(row, column);
      if (next) return next;
    }
    return null;
  };
  const inRow = (input, last) => {
    const [row] = place.get(input.closest("td"));
    const own = cellsOf[row].map((_, column) => at(row, column)).filter(Boolean);
    return last ? own.at(-1) : own[0];
  };
  const inBlock = (input, last) => {
    const [, column] = place.get(input.closest("td"));
    const body = input.closest("tbody");
    const own = rows.map((row, index) => (row.parentElement === body ? at(index, column) : null)).filter(Boolean);
    return last ? own.at(-1) : own[0];
  };
  return {
    ArrowUp: (input) => step(input, -1, 0),
    ArrowDown: (input) => step(input, 1, 0),
    ArrowLeft: (input) => step(input, 0, -1),
    ArrowRight: (input) => step(input, 0, 1),
    Enter: (input) => step(input, 1, 0),
    "Shift+Enter": (input) => step(input, -1, 0),
    // Whoever only reads has nothing to fill from cell to cell: the grid is one stop on the way to what can be done.
    Tab: (input) => (input.readOnly ? null : fields[order.get(input) + 1]),
    "Shift+Tab": (input) => (input.readOnly ? null : fields[order.get(input) - 1]),
    Home: (input) => inRow(input, false),
    End: (input) => inRow(input, true),
    "Control+Home": () => fields[0],
    "Control+End": () => fields.at(-1),
    "Shift+ArrowDown": (input) => inBlock(input, true),
    "Shift+ArrowUp": (input) => inBlock(input, false),
  };
}

/** The name of a key with what is held down: "Control+Home", "Alt+n", "Shift+Tab", "?". */
export function chord(event) {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return (event.ctrlKey || event.metaKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") +
    (event.shiftKey && event.key.length > 1 ? "Shift+" : "") + name;
}

/** What Alt+N goes through: marked cells in their order, explanations still to be written, then forms with findings. */
export function nextFinding({ fields, order }, from) {
  const marked = fields.filter((field) => ["!", "?"].includes(field.closest("td").dataset.m));
  // A finding on computed cells alone has no cell to type in: its own links lead to what it rests on.
  const elsewhere = [...document.querySelectorAll("#findings .note.s-over")]
    .filter((note) => !marked.some((field) => note.dataset.cells.split(" ").includes(field.name)))
    .map((note) => note.querySelector("a")).filter(Boolean);
  const unexplained = [...document.querySelectorAll("#findings textarea")].filter((area) => !area.dataset.saved);
  const tabs = [...document.querySelectorAll(".tabs a:not([aria-current])")].filter((tab) => tab.querySelector(".lt"));
  const outside = [...elsewhere, ...unexplained, ...tabs];
  const stops = [...marked, ...outside];
  if (order.has(from)) return marked.find((field) => order.get(field) > order.get(from)) || outside[0] || marked[0];
  return stops[stops.indexOf(from) + 1] || stops[0];
}
