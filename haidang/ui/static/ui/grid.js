// The number grid. The page works without this script (a plain form); with it the grid moves like a spreadsheet,
// each cell is saved by itself, and what could not be sent stays in this browser until it can.
(() => {
  "use strict";
  const form = document.querySelector("form[data-grid]");
  if (!form) return;

  const NOT_OURS = "KTCN";
  const table = form.querySelector(".ngrid");
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  // Positions count every cell of the form and leave out the columns of earlier cycles, as a spreadsheet has them.
  const cellsOf = rows.map((row) => [...row.cells].filter((cell) => cell.dataset.cell !== undefined));
  const inputs = cellsOf.flat().map((cell) => cell.querySelector("input")).filter(Boolean);
  const fields = inputs.filter((input) => !input.readOnly);
  const byCode = new Map(cellsOf.flat().map((cell) => [cell.dataset.cell, cell]));
  const place = new Map();
  cellsOf.forEach((cells, row) => cells.forEach((cell, column) => place.set(cell, [row, column])));
  const one = (id) => document.getElementById(id);
  const shown = (input) => input.dataset.saved ?? "";

  // ---- the queue: what was typed and is not yet with the server ----------------------------------------------
  // Kept by person and filing: two people on one machine must not send each other's numbers.
  const shelf = `haidang.cells.${form.dataset.owner}`;
  let queue = readShelf();
  let sending = false;
  let [lostAt, retry] = ["", 0];
  let revision = Number(form.elements.revision.value);

  function readShelf() {
    try {
      return JSON.parse(localStorage.getItem(shelf)) || {};
    } catch {
      return {};
    }
  }

  function keepQueue() {
    try {
      if (Object.keys(queue).length) localStorage.setItem(shelf, JSON.stringify(queue));
      else localStorage.removeItem(shelf);
    } catch {
      // A full or forbidden store: the numbers are still on the page, and the strip says that they wait.
    }
  }

  function commit(input) {
    const cell = input.closest("td");
    const text = input.value.trim();
    if (text === (queue[cell.dataset.cell] ?? shown(input))) return;
    if (text === shown(input)) delete queue[cell.dataset.cell];
    else queue[cell.dataset.cell] = text;
    paintState(cell, text);
    mark(cell, cell.dataset.cell in queue ? "wait" : "");
    keepQueue();
    strip();
    clearTimeout(retry);
    retry = setTimeout(send, 150);
  }

  // The shelf may hold cells of another form of this filing, or of one that was locked meanwhile: they wait there.
  const here = () => Object.entries(queue).filter(([code]) => fields.includes(byCode.get(code)?.querySelector("input")));

  async function send() {
    const batch = Object.fromEntries(here());
    if (sending || !Object.keys(batch).length) return;
    sending = true;
    strip();
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST",
        keepalive: true,
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        },
        body: JSON.stringify({ form: form.dataset.grid, revision, cells: batch }),
      });
      const json = (answer.headers.get("Content-Type") || "").includes("json");
      if (answer.redirected || (!json && answer.status < 500)) {
        // Sent to the sign-in page: the session is over. The queue waits for the next visit.
        say("Phiên làm việc đã hết. Đăng nhập lại, số đang nhập vẫn được giữ trên máy này.");
        return;
      }
      if (!json) throw new Error(String(answer.status));
      lostAt = "";
      take(batch, await answer.json(), answer.status);
    } catch {
      lostAt = lostAt || clock();
      clearTimeout(retry);
      retry = setTimeout(send, 5000);
    } finally {
      sending = false;
      strip();
    }
    if (!lostAt && here().some(([code]) => !(code in batch))) send();
  }

  function take(batch, answer, status) {
    revision = answer.revision ?? revision;
    form.elements.revision.value = revision;
    if (status === 409) return ask(batch, answer.conflicts);
    if (status >= 400 && !answer.refused) {
      say(answer.say);
      return undefined;
    }
    const refused = answer.refused || {};
    for (const [code, text] of Object.entries(batch)) {
      // Typed again while this was on its way: the newer value is still owed.
      if (queue[code] === text) delete queue[code];
      if (code in refused) continue;
      const input = byCode.get(code).querySelector("input");
      input.dataset.saved = answer.cells?.[code] ?? text;
      if (!(code in queue) && input !== document.activeElement) input.value = input.dataset.saved;
    }
    keepQueue();
    for (const [code, text] of Object.entries(answer.computed || {})) {
      const span = byCode.get(code)?.querySelector("span");
      if (span) span.textContent = text;
    }
    if (answer.marks) paintMarks(answer.marks, refused);
    if (answer.findings !== undefined) swapFindings(answer.findings);
    if (answer.at) one("save-say").textContent = `Đã lưu ${answer.at}`;
    counts(answer);
    const sentences = Object.values(refused);
    say(sentences.join(" "));
    return undefined;
  }

  // Two people wrote the same cell: nobody's number is lost before somebody chose.
  function ask(batch, conflicts) {
    const box = one("grid-say");
    box.replaceChildren();
    for (const [code, theirs] of Object.entries(conflicts)) {
      const mine = batch[code];
      const cell = byCode.get(code);
      delete queue[code];
      const line = document.createElement("p");
      line.className = "note s-late";
      line.append(`${cell.querySelector("input").getAttribute("aria-label")}: ${theirs.say} `);
      const choose = (label, value) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn sm";
        button.textContent = label;
        button.addEventListener("click", () => {
          const input = cell.querySelector("input");
          input.dataset.saved = theirs.text;
          input.value = value;
          line.remove();
          box.hidden = !box.childElementCount;
          mark(cell, "");
          paintState(cell, value);
          commit(input);
          input.focus();
        });
        line.append(button, " ");
      };
      choose(`Giữ ${theirs.text || "ô trống"}`, theirs.text);
      choose(`Dùng ${mine || "ô trống"}`, mine);
      box.append(line);
    }
    box.hidden = false;
    keepQueue();
    setTimeout(send, 0);
  }

  // ---- what the page shows ------------------------------------------------------------------------------------
  function clock() {
    return new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  }

  function say(sentence) {
    const box = one("grid-say");
    box.hidden = !sentence;
    box.replaceChildren();
    if (!sentence) return;
    const line = document.createElement("p");
    line.className = "note s-over";
    line.textContent = sentence;
    box.append(line);
  }

  function strip() {
    const waiting = here().length;
    const elsewhere = Object.keys(queue).length - waiting;
    const chip = one("save-wait");
    chip.hidden = !waiting && !elsewhere;
    chip.className = lostAt ? "chip s-over" : waiting ? "chip s-ext" : "chip s-late";
    if (!waiting && elsewhere) {
      chip.textContent = `${elsewhere} ô của biểu khác, hoặc của biểu đang khoá, còn giữ trên máy này. Mở biểu đó để gửi.`;
      return;
    }
    chip.textContent = lostAt
      ? `Mất mạng từ ${lostAt}. ${waiting} ô được giữ trên máy này và tự gửi khi có mạng.`
      : `${waiting} ô đang lưu`;
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

  function mark(cell, kind) {
    cell.classList.toggle("wait", kind === "wait");
    cell.classList.toggle("s-ext", kind === "wait");
    if (kind === "wait") cell.dataset.m = "…";
    else if (cell.dataset.m === "…") delete cell.dataset.m;
  }

  function paintState(cell, text) {
    const absent = text === NOT_OURS || text === "CCSL";
    cell.classList.toggle("na", absent);
    cell.classList.toggle("s-off", absent);
  }

  function paintMarks(marks, refused) {
    for (const [code, cell] of byCode) {
      const sign = code in refused ? "!" : code in queue ? "…" : marks[code] || "";
      const input = cell.querySelector("input");
      for (const [name, on] of [
        ["bad", sign === "!"], ["s-over", sign === "!"], ["ask", sign === "?"], ["s-late", sign === "?"],
        ["wait", sign === "…"], ["s-ext", sign === "…"],
      ]) cell.classList.toggle(name, on);
      if (sign) cell.dataset.m = sign;
      else delete cell.dataset.m;
      if (input) {
        paintState(cell, sign ? "" : input.value);
        input.toggleAttribute("aria-invalid", sign === "!");
      }
    }
  }

  function swapFindings(html) {
    const box = one("findings");
    // Somebody is writing an explanation there: it must not be swept away by a save of a cell.
    if (!box || (box.contains(document.activeElement) && document.activeElement.tagName === "TEXTAREA")) return;
    const typed = new Map([...box.querySelectorAll("textarea")].map((area) => [area.name, area.value]));
    box.innerHTML = html; // our own server's template, escaped there
    for (const area of box.querySelectorAll("textarea")) if (typed.get(area.name)) area.value = typed.get(area.name);
    details();
  }

  function details() {
    const input = document.activeElement?.closest?.(".ngrid input") || inputs.find((field) => field.tabIndex === 0);
    const cell = input?.closest("td");
    const box = one("cell-panel");
    if (!box || !cell) return;
    one("cell-name").textContent = input.getAttribute("aria-label");
    one("cell-code").textContent = cell.dataset.cell;
    one("cell-before").textContent = cell.dataset.before || "–";
    one("cell-year").textContent = cell.dataset.year || "–";
    const own = [...document.querySelectorAll("#findings [data-cells]")].filter((item) =>
      item.dataset.cells.split(" ").includes(cell.dataset.cell));
    one("cell-findings").replaceChildren(...own.map((item) => {
      const line = document.createElement("p");
      line.className = item.dataset.class;
      line.textContent = item.querySelector("[data-message]").textContent;
      return line;
    }));
    for (const button of box.querySelectorAll("button")) button.disabled = input.readOnly;
  }

  // ---- moving -------------------------------------------------------------------------------------------------
  let editing = false; // F2 or a double click: the arrows then move the caret
  let before = "";

  function go(input) {
    for (const other of inputs) other.tabIndex = other === input ? 0 : -1;
    input.focus();
    input.select();
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function at(row, column) {
    const input = cellsOf[row]?.[column]?.querySelector("input");
    return input && !input.readOnly ? input : null;
  }

  function step(input, down, right) {
    let [row, column] = place.get(input.closest("td"));
    for (row += down, column += right; cellsOf[row]?.[column]; row += down, column += right) {
      const next = at(row, column);
      if (next) return next;
    }
    return null;
  }

  function inRow(row, last) {
    const own = cellsOf[row].map((cell, column) => at(row, column)).filter(Boolean);
    return last ? own.at(-1) : own[0];
  }

  function inBlock(input, last) {
    const [, column] = place.get(input.closest("td"));
    const body = input.closest("tbody");
    const own = rows.map((row, index) => (row.parentElement === body ? at(index, column) : null)).filter(Boolean);
    return last ? own.at(-1) : own[0];
  }

  function toStrip() {
    (one("savebar").querySelector(".end a, .end button:not([hidden])") || one("savebar")).focus();
  }

  function nextMarked(input) {
    const marked = fields.filter((field) => ["!", "?"].includes(field.closest("td").dataset.m));
    const from = fields.indexOf(input);
    return marked.find((field) => fields.indexOf(field) > from) || marked[0];
  }

  const KEYS = {
    ArrowUp: (input) => step(input, -1, 0),
    ArrowDown: (input) => step(input, 1, 0),
    ArrowLeft: (input) => step(input, 0, -1),
    ArrowRight: (input) => step(input, 0, 1),
    Home: (input) => inRow(place.get(input.closest("td"))[0], false),
    End: (input) => inRow(place.get(input.closest("td"))[0], true),
    "Control+Home": () => fields[0],
    "Control+End": () => fields.at(-1),
    "Shift+ArrowDown": (input) => inBlock(input, true),
    "Shift+ArrowUp": (input) => inBlock(input, false),
    "Shift+Enter": (input) => step(input, -1, 0),
    "Alt+n": (input) => nextMarked(input),
  };

  function chord(event) {
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return (event.ctrlKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") +
      (event.shiftKey && event.key.length > 1 ? "Shift+" : "") + name;
  }

  table.addEventListener("keydown", (event) => {
    const input = event.target.closest("input");
    if (!input || event.isComposing) return; // a Vietnamese keyboard is still putting the letter together
    const keys = chord(event);
    if (editing && /^(Arrow|Home|End)/.test(event.key)) return;
    if (keys in KEYS) {
      event.preventDefault();
      const next = KEYS[keys](input);
      if (next) go(next);
    } else if (keys === "Enter") {
      event.preventDefault(); // never sends the form
      const next = step(input, 1, 0);
      if (next) go(next);
      else toStrip();
    } else if (event.key === "Tab") {
      const next = fields[fields.indexOf(input) + (event.shiftKey ? -1 : 1)];
      if (!next) return; // out of the grid
      event.preventDefault();
      go(next);
    } else if (keys === "Escape") {
      input.value = before;
      editing = false;
      input.select();
    } else if (keys === "F2") {
      event.preventDefault();
      editing = true;
      input.setSelectionRange(input.value.length, input.value.length);
    } else if (keys === "Control+Enter") {
      event.preventDefault();
      one("cell-panel")?.focus();
    } else if (event.key === "?" && !input.dataset.words) {
      event.preventDefault();
      one("key-sheet")?.showModal();
    } else if (event.key === "-" && !input.readOnly && !input.dataset.words && wholeSelected(input)) {
      event.preventDefault();
      input.value = NOT_OURS;
      commit(input);
      input.select();
    }
  });

  function wholeSelected(input) {
    return input.selectionStart === 0 && input.selectionEnd === input.value.length;
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.key.toLowerCase() === "n" && !table.contains(event.target)) {
      const next = nextMarked(null);
      if (next) {
        event.preventDefault();
        go(next);
      }
    }
  });

  table.addEventListener("focusin", (event) => {
    const input = event.target.closest("input");
    if (!input) return;
    for (const other of inputs) other.tabIndex = other === input ? 0 : -1;
    before = input.value;
    editing = false;
    const cell = input.closest("td");
    for (const row of rows) row.classList.toggle("rowhit", row === cell.parentElement);
    for (const head of table.tHead.rows[table.tHead.rows.length - 1].cells) {
      head.classList.toggle("colhit", head.dataset.column === cell.dataset.column);
    }
    details();
  });
  table.addEventListener("focusout", (event) => {
    if (event.target.matches("input")) commit(event.target);
  });
  table.addEventListener("click", (event) => event.target.matches("input") && !editing && event.target.select());
  table.addEventListener("dblclick", () => (editing = true));

  // ---- pasting a block ----------------------------------------------------------------------------------------
  let undo = [];

  table.addEventListener("paste", (event) => {
    const input = event.target.closest("input");
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!input || !/[\t\n]/.test(text)) return; // one value: the browser pastes it
    event.preventDefault();
    const [top, left] = place.get(input.closest("td"));
    const tally = { all: 0, changed: 0, locked: 0, outside: 0 };
    undo = [];
    text.split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((value, right) => {
      tally.all += 1;
      const cell = cellsOf[top + down]?.[left + right];
      const target = at(top + down, left + right);
      if (!target) {
        tally[cell ? "locked" : "outside"] += 1;
      } else if (target.value !== value.trim()) {
        tally.changed += 1;
        undo.push([target, target.value]);
        target.value = value.trim();
        commit(target);
      }
    }));
    before = input.value;
    report(tally);
  });

  function report(tally) {
    const parts = [`Dán ${tally.all} ô: ${tally.changed} ô thay đổi`];
    if (tally.locked) parts.push(`${tally.locked} ô tính hoặc ô khoá được bỏ qua`);
    if (tally.outside) parts.push(`${tally.outside} giá trị nằm ngoài bảng`);
    one("paste-say").firstElementChild.textContent = `${parts.join(", ")}.`;
    one("paste-say").hidden = false;
  }

  one("paste-undo").addEventListener("click", () => {
    for (const [input, text] of undo) {
      input.value = text;
      commit(input);
    }
    undo = [];
    one("paste-say").hidden = true;
  });

  // ---- marks by button, links to cells, coming back ------------------------------------------------------------
  one("cell-panel")?.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-value]");
    const input = inputs.find((field) => field.tabIndex === 0);
    if (!button || !input || input.readOnly) return;
    input.value = button.dataset.value;
    commit(input);
    go(input);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) one("key-sheet").showModal();
    const link = event.target.closest("a[data-go]");
    const input = link && byCode.get(link.dataset.go)?.querySelector("input");
    if (!input) return;
    event.preventDefault();
    go(input);
  });
  // Leaving for another page of the same filing: what is typed goes first, or stays on the shelf.
  addEventListener("pagehide", () => document.activeElement?.matches(".ngrid input") && commit(document.activeElement));
  document.addEventListener("visibilitychange", () => document.hidden && send());
  addEventListener("online", send);

  const first = document.querySelector(`.ngrid [id="${CSS.escape(location.hash.slice(1))}"]`);
  for (const input of inputs) input.tabIndex = -1;
  if (fields[0]) fields[0].tabIndex = 0;
  if (first?.matches("input")) go(first);
  for (const [code, text] of Object.entries(queue)) {
    const cell = byCode.get(code);
    const input = cell?.querySelector("input");
    if (!input || input.readOnly) continue;
    input.value = text;
    mark(cell, "wait");
  }
  for (const node of document.querySelectorAll("[data-needs-script]")) node.hidden = false;
  for (const node of document.querySelectorAll("[data-without-script]")) node.hidden = true;
  strip();
  details();
  send();
})();
