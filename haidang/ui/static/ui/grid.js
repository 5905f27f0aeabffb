// The number grid. The page works without this script (a plain form); with it the grid moves like a spreadsheet,
// each cell is saved by itself, and what could not be sent stays in this browser until it can.
import { startDetails } from "./grid_details.js";
import { startExplaining } from "./grid_explaining.js";
import { FIELD, chord, movesOf, nextFinding, readGrid } from "./grid_keys.js";
import { post } from "./grid_line.js";
import { startPasting } from "./grid_paste.js";
import { startSaving } from "./grid_saving.js";

const NOT_OURS = "KTCN";
const MOST_LINES = 8; // of a box of words before it scrolls
const form = document.querySelector("form[data-grid]");
const one = (id) => document.getElementById(id);
if (form) start();

function start() {
  const grid = readGrid(form);
  const { table, byCode, fields, order } = grid;
  let chosen = fields[0]; // the one tab stop
  let hit = null; // the cell whose row and column are lit
  let editing = false; // F2 or a second click: the arrows then move the caret
  let pressedAgain = false; // in the cell that has the focus already
  let before = "";

  const saving = startSaving(form, {
    fields: new Map(grid.inputs.map((input) => [input.name, input])),
    shelfName: "cells",
    noun: "ô",
    payload: { form: form.dataset.grid },
    shown: (text) => text.replace(/^KTCN:.*$/s, NOT_OURS),
    label: (code) => byCode.get(code).querySelector(FIELD).getAttribute("aria-label"),
    waiting,
    taken,
  });
  const details = startDetails(grid, { saving, go, current: () => chosen });
  const pasting = startPasting(grid, { saving, go, check, inWords: (input) => input.dataset.words && (editing || input.value !== before) });
  const moves = movesOf(grid);
  const explaining = startExplaining(form, { shown: explained });

  // ---- what the page shows ------------------------------------------------------------------------------------
  /** A cell's sign: "!" blocks, "?" is to be explained, "…" waits; only a change is written. */
  function sign(cell, mark) {
    if ((cell.dataset.m || "") === mark) return;
    for (const [name, on] of [
      ["bad", mark === "!"], ["s-over", mark === "!"], ["ask", mark === "?"], ["s-late", mark === "?"],
      ["wait", mark === "…"], ["s-ext", mark === "…"],
    ]) cell.classList.toggle(name, on);
    if (mark) cell.dataset.m = mark;
    else delete cell.dataset.m;
    const input = cell.querySelector(FIELD);
    if (mark === "!") input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  }

  function paintState(cell, { value, dataset }) {
    const absent = !dataset.words && (value === NOT_OURS || value === "CCSL");
    cell.classList.toggle("na", absent);
    cell.classList.toggle("s-off", absent && !cell.dataset.m);
  }

  function waiting(code, on) {
    const cell = byCode.get(code);
    if (on) sign(cell, "…");
    else if (cell.dataset.m === "…") sign(cell, "");
    const input = cell.querySelector(FIELD);
    paintState(cell, input);
    if (input === chosen) before = input.value; // what Escape brings back
  }

  /** An explanation was kept: marks and counts follow. */
  function explained(answer) {
    for (const [code, cell] of byCode) if (!saving.waits(code) && !saving.isRefused(code)) sign(cell, answer.marks[code] || "");
    counts(answer);
    details.brief();
  }

  function taken(batch, answer, refused) {
    for (const [code, text] of Object.entries(answer.computed || {})) {
      const span = byCode.get(code)?.querySelector("span");
      if (span && span.textContent !== text) span.textContent = text;
    }
    if (answer.marks) paintAll(answer);
    else for (const code of Object.keys(refused)) sign(byCode.get(code), "!");
    if (answer.findings !== undefined) swapFindings(answer.findings);
    counts(answer);
    details.brief();
  }

  function paintAll({ marks, jumps, reasons }) {
    for (const [code, cell] of byCode) {
      sign(cell, saving.isRefused(code) ? "!" : saving.waits(code) ? "…" : marks[code] || "");
      note(cell, "jump", jumps?.[code]);
      cell.classList.toggle("jump", Boolean(jumps?.[code]));
      const input = cell.querySelector(FIELD);
      if (!input) continue;
      paintState(cell, input);
      if (!saving.waits(code)) {
        note(cell, "reason", reasons?.[code]);
        if (cell.title !== (reasons?.[code] || "")) cell.title = reasons?.[code] || "";
      }
    }
  }

  function note(cell, name, text) {
    if (text) cell.dataset[name] = text;
    else delete cell.dataset[name];
  }

  function counts(answer) {
    for (const [id, number, words] of [
      ["save-bad", answer.blocking, "lỗi chặn"],
      ["save-ask", answer.explaining, "cần giải trình"],
      ["save-blank", answer.blanks, "ô chưa nhập"],
    ]) {
      if (number === undefined) continue;
      one(id).hidden = !number;
      one(id).textContent = `${number} ${words}`;
    }
  }

  function swapFindings(html) {
    const box = one("findings");
    // Somebody is writing an explanation there: it must not be swept away by a save of a cell.
    if (!box || (box.contains(document.activeElement) && document.activeElement.tagName === "TEXTAREA")) return;
    box.innerHTML = html; // our own server's template, escaped there
    explaining.resume();
  }

  /** What the server would refuse of these texts; null when it could not be asked in time. */
  async function check(texts, most) {
    const late = new Promise((resolve) => setTimeout(resolve, most, null));
    const asked = post(form, {
      form: form.dataset.grid, revision: Number(form.elements.revision.value), cells: texts, try: true,
    }).then((answer) => answer.body?.refused ?? null, () => null);
    return Promise.race([asked, late]);
  }

  // ---- focus and keys -----------------------------------------------------------------------------------------
  function choose(input) {
    if (chosen !== input) {
      if (chosen) chosen.tabIndex = -1;
      input.tabIndex = 0;
      chosen = input;
    }
    const cell = input.closest("td");
    if (hit !== cell) {
      light(hit, false);
      light(cell, true);
      hit = cell;
    }
  }

  function light(cell, on) {
    if (!cell) return;
    cell.parentElement.classList.toggle("rowhit", on);
    table.tHead.querySelector(`[data-column="${CSS.escape(cell.dataset.column)}"]`)?.classList.toggle("colhit", on);
  }

  function go(input) {
    choose(input);
    input.focus();
    input.select(); // also where it had the focus already
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** A box of words is as tall as what it holds, to a limit. */
  function grow(input) {
    while (input.dataset.words && input.rows < MOST_LINES && input.scrollHeight > input.clientHeight) input.rows += 1;
  }

  function toStrip() {
    (one("savebar").querySelector(".end a, .end button:not([hidden])") || one("savebar")).focus();
  }

  /** The cell is left: a dash alone means that it is not the agency's, and its reason is asked; "-5" is a number. */
  function leave(input) {
    const dash = /^[-–−]$/.test(input.value.trim()) && !input.dataset.words && !input.dataset.total;
    if (!dash || input.readOnly) {
      saving.commit(input.name);
      return;
    }
    saving.typing(input.name);
    input.value = before;
    setTimeout(() => details.askReason(input, document.activeElement), 0);
  }

  // Keys that do something with the chosen cell; each says whether it did.
  const DEEDS = {
    F2: (input) => {
      editing = true;
      input.setSelectionRange(input.value.length, input.value.length);
      return true;
    },
    Escape: (input) => {
      input.value = before;
      saving.typing(input.name);
      editing = false;
      input.select();
      return true;
    },
    "Alt+Enter": (input) => {
      if (!input.dataset.words || input.readOnly) return false;
      input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    },
    "Control+Enter": () => details.open(false),
    "Control+;": () => details.open(true),
    "Control+z": (input) => input.value === before && pasting.takeBack(),
    "?": (input) => {
      if (!input.dataset.words) one("key-sheet").showModal();
      return !input.dataset.words;
    },
  };

  table.addEventListener("keydown", (event) => {
    const input = event.target.closest(FIELD);
    if (!input || event.isComposing) return; // a Vietnamese keyboard is still putting the letter together
    const keys = chord(event);
    if (editing && /^(Arrow|Home|End)/.test(event.key)) return;
    if (keys in DEEDS) {
      if (DEEDS[keys](input)) event.preventDefault();
    } else if (keys in moves) {
      const next = moves[keys](input);
      if (!next && event.key === "Tab") return; // out of the grid
      event.preventDefault(); // Enter never sends the form
      if (next) go(next);
      else if (keys === "Enter") toStrip();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const typing = event.target.closest("input, textarea, select, dialog");
    if (event.key === "?" && !typing) {
      event.preventDefault();
      one("key-sheet").showModal();
    }
    if (chord(event) !== "Alt+n") return;
    const next = nextFinding(grid, document.activeElement);
    if (!next) return;
    event.preventDefault();
    if (order.has(next)) go(next);
    else {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  });

  table.addEventListener("focusin", (event) => {
    const input = event.target.closest(FIELD);
    if (!input) return;
    before = input.value;
    editing = false;
    choose(input);
    input.select(); // however the focus came, typing replaces
    details.brief();
  });
  table.addEventListener("focusout", (event) => event.target.matches(FIELD) && leave(event.target));
  table.addEventListener("input", (event) => {
    if (!event.target.matches(FIELD)) return;
    saving.typing(event.target.name, event.target.value);
    grow(event.target);
  });
  // The first click chooses a cell, so that typing replaces; the next one in it puts the caret where it is, as a finger
  // has no F2.
  table.addEventListener("mousedown", (event) => (pressedAgain = event.target === document.activeElement));
  table.addEventListener("click", (event) => {
    if (!event.target.matches(FIELD)) return;
    if (pressedAgain) editing = true;
    else if (!editing) event.target.select();
  });
  table.addEventListener("dblclick", () => (editing = true));

  // ---- links to cells, coming and leaving ----------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) one("key-sheet").showModal();
    if (event.target.closest("[data-take-below]") && chosen) pasting.takeBelow(chosen);
    if (event.target.closest("[data-open-cell]")) {
      event.preventDefault();
      details.open(false);
    }
    const link = event.target.closest("a[data-go]");
    const cell = link && byCode.get(link.dataset.go);
    if (!cell) return;
    event.preventDefault();
    const input = cell.querySelector(FIELD);
    if (input) go(input);
    else cell.scrollIntoView({ block: "center", inline: "center" });
  });
  // Leaving for another page of the same filing: what is typed goes first, or stays on the shelf.
  addEventListener("pagehide", () => {
    if (table.contains(document.activeElement) && document.activeElement.matches(FIELD)) saving.commit(document.activeElement.name);
  });

  const first = document.querySelector(`.ngrid [id="${CSS.escape(location.hash.slice(1))}"]`);
  for (const input of grid.inputs) input.tabIndex = input === chosen ? 0 : -1;
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
  for (const node of document.querySelectorAll("[data-without-script]")) node.hidden = true;
  if (first?.matches(FIELD)) go(first);
  saving.resume();
  explaining.resume();
  details.brief();
}
