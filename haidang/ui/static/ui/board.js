// The chasing board by keyboard: its squares are one tab stop, the arrows move between them, Shift chooses a block.
// Without this script every box and every link is a stop of its own, and everything can be done all the same.
import { tellMore } from "./board_tip.js";

const RATES = 3; // columns at the end of the board
const table = document.querySelector("table.heat");
if (table) start();

function start() {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !row.classList.contains("group"));
  const boxOf = (cell) => cell?.querySelector("input[name=o]");
  const stopOf = (cell) => boxOf(cell) || cell?.querySelector("a.ob");
  const stops = rows.flatMap((row) => [...row.cells].map(stopOf)).filter(Boolean);
  if (!stops.length) return;
  const rowOf = new Map(rows.map((row, at) => [row, at]));
  const place = (stop) => [rowOf.get(stop.closest("tr")), stop.closest("td").cellIndex];
  const shown = (stop) => stop.offsetParent !== null; // not in a folded group
  toToday();
  let chosen = stops.find((stop) => inView(stop.closest("td"))) || stops[0]; // the one tab stop
  let corner = chosen; // where a block begins
  let before = new Set(); // what was ticked before the block

  /** Many due dates are past: begin where today is, or at the last of them. */
  function toToday() {
    const scroller = table.closest(".scroll");
    const heads = [...table.tHead.rows[0].cells];
    const due = heads.findIndex((head) => head.classList.contains("now"));
    const here = heads[due < 0 ? heads.length - 1 - RATES : due];
    const last = due < 0 ? heads.at(-1) : heads[due + 1];
    const end = last.offsetLeft + last.offsetWidth - scroller.clientWidth;
    // On a narrow screen the due date itself comes before what stands behind it.
    if (!location.hash) scroller.scrollLeft = Math.min(end, here.offsetLeft - heads[0].offsetWidth);
  }

  function inView(cell) {
    const [place, view] = [cell.getBoundingClientRect(), table.closest(".scroll").getBoundingClientRect()];
    return place.left >= view.left + table.tHead.rows[0].cells[0].offsetWidth - 1 && place.right <= view.right + 1;
  }

  function choose(stop) {
    light(chosen, false);
    chosen.tabIndex = -1;
    stop.tabIndex = 0;
    light(stop, true);
    chosen = stop;
  }

  /** Which agency and which due date a square belongs to. */
  function light(stop, on) {
    const cell = stop.closest("td");
    cell.parentElement.classList.toggle("rowhit", on);
    table.tHead.rows[0].cells[cell.cellIndex].classList.toggle("colhit", on);
  }

  function go(stop) {
    choose(stop);
    stop.focus();
    stop.closest("td").scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** The next square in a direction, over empty places and folded groups. */
  function step(stop, down, right) {
    let [row, column] = place(stop);
    for (row += down, column += right; rows[row]?.cells[column]; row += down, column += right) {
      const next = stopOf(rows[row].cells[column]);
      if (next && shown(next)) return next;
    }
    return null;
  }

  const inRow = (stop) => [...stop.closest("tr").cells].map(stopOf).filter(Boolean);
  const MOVES = {
    ArrowUp: (stop) => step(stop, -1, 0),
    ArrowDown: (stop) => step(stop, 1, 0),
    ArrowLeft: (stop) => step(stop, 0, -1),
    ArrowRight: (stop) => step(stop, 0, 1),
    Home: (stop) => inRow(stop)[0],
    End: (stop) => inRow(stop).at(-1),
    "Control+Home": () => stops.find(shown),
    "Control+End": () => stops.findLast(shown),
  };

  function begin(stop) {
    corner = stop;
    before = new Set(stops.filter((one) => one.checked));
  }

  /** Tick everything between the corner and this square; what the block leaves again is as it was before. */
  function tickBlock(stop) {
    const [top, left] = place(corner);
    const [bottom, right] = place(stop);
    const between = (at, one, other) => at >= Math.min(one, other) && at <= Math.max(one, other);
    for (const box of stops) {
      const [row, column] = place(box);
      box.checked = before.has(box) || (shown(box) && between(row, top, bottom) && between(column, left, right));
    }
    count();
  }

  function count() {
    const told = document.querySelector(".chosen");
    if (told) told.textContent = stops.filter((one) => one.checked).length;
  }

  table.addEventListener("keydown", (event) => {
    const stop = stopOf(event.target.closest("td"));
    if (!stop || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && boxOf(stop.closest("td"))) {
      event.preventDefault(); // Enter in a box would press the first button of the form
      stop.closest("td").querySelector("a.ob").click();
      return;
    }
    const next = MOVES[(event.ctrlKey ? "Control+" : "") + event.key]?.(stop);
    if (next === undefined) return;
    event.preventDefault();
    if (!next) return;
    go(next);
    if (!event.shiftKey || !boxOf(next.closest("td"))) begin(next);
    else tickBlock(next);
  });
  table.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=o]");
    if (!box) return;
    choose(box);
    if (event.shiftKey) tickBlock(box);
    else begin(box);
  });
  table.addEventListener("focusin", (event) => {
    const stop = stopOf(event.target.closest("td"));
    if (stop) choose(stop);
  });
  table.addEventListener("change", count);

  tellMore(table, stopOf);
  for (const link of table.querySelectorAll("a.ob")) link.tabIndex = -1;
  for (const stop of stops) stop.tabIndex = stop === chosen ? 0 : -1;
  for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
  document.querySelector(".chosen")?.classList.add("counted");
  count();
}
