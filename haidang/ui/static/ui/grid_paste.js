// Pasting a block from a spreadsheet: what would change is shown first, and can be taken back as one.

import { FIELD } from "./grid_keys.js";

const MOST_SHOWN = 12;
const MOST_WAIT = 3000; // milliseconds that the server has to look at the block before it is shown without its word

const one = (id) => document.getElementById(id);

/** The rows and values of copied cells; a value in quotes may hold tabs, line ends and doubled quotes. */
export function parseBlock(text) {
  const rows = [[]];
  const pattern = /("(?:[^"]|"")*"(?=[\t\r\n]|$)|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/y;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, value, end] = match;
    rows.at(-1).push(value.startsWith('"') && value.endsWith('"') && value.length > 1
      ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (pattern.lastIndex >= text.length) break;
    if (end !== "\t") rows.push([]);
  }
  return rows;
}

/**
 * `saving` keeps what is pasted; `go` puts the focus; `check(texts)` asks the server what it would refuse;
 * `inWords(input)` tells whether words are being written there, into which lines are pasted as they are.
 */
export function startPasting(grid, { saving, go, check, inWords }) {
  const { table, cellsOf, place, at } = grid;
  const box = one("paste-box");
  let undo = [];
  let waitingFor = null; // the input to go back to

  const named = (input) => input.getAttribute("aria-label");

  function planOf(input, text) {
    const [top, left] = place.get(input.closest("td"));
    const plan = { all: 0, same: 0, changes: [], locked: 0, outside: 0 };
    parseBlock(text).forEach((values, down) => values.forEach((value, right) => {
      plan.all += 1;
      const target = at(top + down, left + right);
      const cell = cellsOf[top + down]?.[left + right];
      if (!target) plan[cell ? "locked" : "outside"] += 1;
      else if (target.value === value.trim()) plan.same += 1;
      else plan.changes.push({ target, code: target.name, text: value.trim() });
    }));
    return plan;
  }

  /** The sums of the agencies below for the lines around a cell: shown first, like a pasted block. */
  function takeBelow(input) {
    const plan = { all: 0, same: 0, changes: [], locked: 0, outside: 0 };
    for (const cell of input.closest("tbody").querySelectorAll("td[data-below]")) {
      const target = cell.querySelector("input:not([readonly]):not([data-total])");
      if (!target) continue;
      plan.all += 1;
      if (target.value === cell.dataset.below) plan.same += 1;
      else plan.changes.push({ target, code: target.name, text: cell.dataset.below });
    }
    preview(input, plan);
  }

  async function preview(input, plan) {
    waitingFor = input;
    const texts = Object.fromEntries(plan.changes.map((change) => [change.code, change.text]));
    const refused = plan.changes.length ? await check(texts, MOST_WAIT) : {};
    plan.unchecked = refused === null;
    plan.refused = plan.changes.filter((change) => refused && change.code in refused);
    plan.changes = plan.changes.filter((change) => !plan.refused.includes(change));
    tell(plan, refused || {});
    for (const { target } of plan.changes) target.closest("td").classList.add("will");
    one("paste-keep").disabled = !plan.changes.length;
    box.plan = plan;
    box.returnValue = "";
    box.showModal();
    (plan.changes.length ? one("paste-keep") : one("paste-cancel")).focus();
  }

  function tell(plan, refused) {
    one("pb-t").textContent = `Dán ${plan.all} ô từ ${named(waitingFor)}`;
    one("paste-sum").textContent = `${summary(plan)}.${plan.unchecked ? " Mất mạng nên chưa kiểm tra được các số." : ""}`;
    one("paste-keep").textContent = `Dán ${plan.changes.length} ô`;
    one("paste-refused").replaceChildren(...plan.refused.slice(0, MOST_SHOWN).map((change) => {
      const line = document.createElement("li");
      line.textContent = refused[change.code];
      return line;
    }));
    const shown = plan.changes.slice(0, MOST_SHOWN);
    one("paste-table").hidden = !shown.length;
    one("paste-table").tBodies[0].replaceChildren(...shown.map(({ target, text }) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = named(target);
      row.append(head);
      for (const value of [target.value, text]) {
        const cell = document.createElement("td");
        cell.className = "num";
        cell.textContent = value || "trống";
        row.append(cell);
      }
      return row;
    }));
    const rest = plan.changes.length - shown.length;
    one("paste-rest").textContent = rest > 0 ? `và ${rest} ô nữa` : "";
  }

  function summary(plan) {
    const parts = [`${plan.changes.length} ô thay đổi`];
    if (plan.same) parts.push(`${plan.same} ô như cũ`);
    if (plan.locked) parts.push(`${plan.locked} ô tính hoặc ô khoá được bỏ qua`);
    if (plan.refused.length) parts.push(`${plan.refused.length} ô không nhận được`);
    if (plan.outside) parts.push(`${plan.outside} giá trị nằm ngoài bảng`);
    return parts.join(", ");
  }

  function apply(plan) {
    undo = plan.changes.map(({ target, code, text }) => {
      const before = [target.value, target.closest("td").dataset.reason || ""];
      saving.put(code, text);
      return [target, ...before, saving.times(code)];
    });
    one("paste-undo").hidden = false;
    one("paste-say").firstElementChild.textContent = `Dán ${plan.all} ô: ${summary(plan)}.`;
    one("paste-say").hidden = false;
  }

  /** Take the last block back, but for cells that were changed since; false when there is none. */
  function takeBack() {
    if (!undo.length) return false;
    const same = undo.filter(([input, , , times]) => saving.times(input.name) === times);
    for (const [input, text, reason] of same) saving.put(input.name, reason && text === "KTCN" ? `${text}: ${reason}` : text);
    const left = undo.length - same.length;
    undo = [];
    one("paste-undo").hidden = true;
    one("paste-say").firstElementChild.textContent = `Đã hoàn tác ${same.length} ô; ${left} ô sửa sau khi dán thì giữ nguyên.`;
    one("paste-say").hidden = !left;
    return true;
  }

  table.addEventListener("paste", (event) => {
    const input = event.target.closest(FIELD);
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!input || input.readOnly || !/[\t\n]/.test(text) || inWords(input)) return; // one value: the browser pastes it
    event.preventDefault();
    preview(input, planOf(input, text));
  });
  box?.addEventListener("close", () => {
    for (const { target } of box.plan.changes) target.closest("td").classList.remove("will");
    if (box.returnValue === "keep") apply(box.plan);
    go(waitingFor);
  });
  one("paste-cancel")?.addEventListener("click", () => box.close(""));
  // The strip grows when a cell is left, and the button would move away under the pointer: the focus stays in its cell.
  one("paste-undo").addEventListener("mousedown", (event) => event.preventDefault());
  one("paste-undo").addEventListener("click", () => {
    if (grid.order.has(document.activeElement)) saving.commit(document.activeElement.name);
    takeBack();
  });
  return { takeBack, takeBelow };
}
