// The panel beside the grid: the chosen cell in short, opened on demand with its past, its checks and its comments;
// and the reason for "không thuộc chức năng".

const REST = 350; // milliseconds that the focus must rest before an open panel follows it

const one = (id) => document.getElementById(id);

/** `saving` keeps what the buttons write; `go` puts the focus back into the grid; `current()` is the chosen input. */
export function startDetails(grid, { saving, go, current }) {
  const { form, byCode } = grid;
  const panel = one("cell-panel");
  const more = one("cell-more");
  const box = one("cell-details");
  let [shownCode, timer, asked] = ["", 0, 0];

  const addressOf = (code) => form.dataset.cellPage.replace(/\/O\/$/, `/${encodeURIComponent(code)}/`);

  /** The chosen cell in short: no request, so that moving stays quick. */
  function brief() {
    const input = current();
    const cell = input?.closest("td");
    if (!panel || !cell) return;
    const { cell: code, before, year, below, jump, reason } = cell.dataset;
    one("cell-name").textContent = input.getAttribute("aria-label");
    one("cell-code").textContent = code;
    one("cell-before").textContent = before || "–";
    one("cell-year").textContent = jump ? `${year || before || ""} (${jump})` : year || "–";
    if (one("cell-below")) one("cell-below").textContent = below || "–";
    one("cell-reason").hidden = !reason;
    one("cell-reason").textContent = reason ? `Không thuộc chức năng: ${reason}` : "";
    const own = [...document.querySelectorAll("#findings [data-cells]")].filter((item) =>
      item.dataset.cells.split(" ").includes(code));
    one("cell-findings").replaceChildren(...own.map((item) => {
      const line = document.createElement("p");
      line.className = item.dataset.class;
      line.textContent = item.querySelector("[data-message]").textContent;
      return line;
    }));
    // A cell of words, and a total on paper, can be blank, but not for a reason.
    const reasonless = "total" in input.dataset || "words" in input.dataset;
    for (const button of panel.querySelectorAll("button[data-value], button[data-reason-for]"))
      button.disabled = input.readOnly || (reasonless && button.dataset.value !== "");
    if (more.open && code !== shownCode) {
      clearTimeout(timer);
      timer = setTimeout(load, REST);
    }
  }

  /** Everything about the chosen cell, from the server. */
  async function load() {
    const code = current()?.closest("td").dataset.cell;
    // Somebody is writing a comment there: it must not be swept away.
    if (!code || (shownCode === code && box.contains(document.activeElement))) return;
    shownCode = code;
    const turn = ++asked;
    try {
      const answer = await fetch(addressOf(code), { headers: { "X-Part": "1" }, credentials: "same-origin" });
      if (turn === asked) await show(answer);
    } catch {
      if (turn === asked) box.textContent = "Chưa tải được chi tiết ô vì mất mạng. Mở lại khi có mạng.";
      shownCode = "";
    }
  }

  async function show(answer) {
    if (answer.redirected || (!answer.ok && answer.status !== 422)) {
      box.textContent = "Chưa tải được chi tiết ô. Tải lại trang rồi mở lại.";
      shownCode = "";
      return;
    }
    box.innerHTML = await answer.text(); // our own server's template, escaped there
  }

  async function open(onComment) {
    clearTimeout(timer);
    panel.focus();
    if (!more.open) {
      more.dataset.byKey = "1";
      more.open = true;
    }
    shownCode = "";
    await load();
    if (onComment) one("comment-text")?.focus();
    panel.scrollIntoView({ block: "nearest" });
  }

  async function comment(written) {
    const code = shownCode;
    const turn = ++asked;
    const button = written.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(written.action, {
        method: "POST", headers: { "X-Part": "1" }, credentials: "same-origin", body: new FormData(written),
      });
      if (turn !== asked) return;
      await show(answer);
      if (answer.ok) byCode.get(code)?.classList.add("said");
      (answer.ok ? panel : one("comment-text"))?.focus();
    } catch {
      button.disabled = false;
      one("comment-hint").textContent = "Chưa gửi được vì mất mạng. Ghi chú vẫn ở đây; gửi lại khi có mạng.";
    }
  }

  more?.addEventListener("toggle", () => {
    if (!more.open) shownCode = "";
    else if (!more.dataset.byKey) load();
    delete more.dataset.byKey;
  });
  box?.addEventListener("submit", (event) => {
    event.preventDefault();
    comment(event.target);
  });
  panel?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (current()) go(current());
  });
  panel?.addEventListener("click", (event) => {
    const input = current();
    if (!input) return;
    if (event.target.closest("[data-note-here]")) {
      document.dispatchEvent(new CustomEvent("note-here", { detail: input.closest("td").dataset.cell }));
    }
    if (input.readOnly) return;
    if (event.target.closest("[data-reason-for]")) askReason(input);
    const button = event.target.closest("button[data-value]");
    if (!button) return;
    saving.put(input.name, button.dataset.value);
    go(input);
  });

  // ---- why a cell is not the agency's
  const reasonBox = one("reason-box");
  let lastReason = "";

  /** Ask why a cell is not the agency's; the focus then goes to `next`, where the person was going (or stays). */
  function askReason(input, next) {
    const cell = input.closest("td");
    reasonBox.input = input;
    reasonBox.next = next?.closest?.(".ngrid") ? next : input;
    one("reason-cell").textContent = input.getAttribute("aria-label");
    one("reason-text").value = cell.dataset.reason || lastReason;
    reasonBox.returnValue = "";
    reasonBox.showModal();
    one("reason-text").select();
  }

  reasonBox?.addEventListener("close", () => {
    const { input, next } = reasonBox;
    if (reasonBox.returnValue === "keep") {
      const reason = one("reason-text").value.trim();
      lastReason = reason;
      if (reason) input.closest("td").dataset.reason = reason;
      saving.put(input.name, reason ? `KTCN: ${reason}` : "KTCN");
    }
    go(next);
  });
  one("reason-cancel")?.addEventListener("click", () => reasonBox.close(""));

  return { brief, open, askReason };
}
