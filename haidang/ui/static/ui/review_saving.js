/* Saves the chosen item while one types: at rest, on leaving a field, before going elsewhere; and says so. */
const REST = 1200; // milliseconds without a key before what was typed is saved

export function startSaving(formOf) {
  let form = null, saved = "", timer = 0, under = null, warned = false;

  const content = () => {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of ["seen", "csrfmiddlewaretoken"]) fields.delete(name);
    return fields.toString();
  };
  const dirty = () => Boolean(form && form.isConnected && content() !== saved);

  const show = (state, words, retry = false) => {
    const line = document.getElementById("save-state");
    if (!line) return;
    line.hidden = false;
    line.className = `xs save-state s-${state}`;
    line.textContent = words;
    if (!retry) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn sm";
    again.textContent = "Thử lại";
    again.addEventListener("click", () => save());
    line.append(" ", again);
  };
  const mark = (errors) => {
    for (const node of form.querySelectorAll(".err.live")) node.remove();
    for (const [name, words] of Object.entries(errors)) {
      const input = form.elements[name];
      const note = document.createElement("span");
      note.className = "err live";
      note.id = `live-${name}`;
      note.textContent = words;
      if (input && input.closest) input.closest(".field")?.append(note);
    }
  };

  /* True when all that was typed is on the server. Two saves never run at once: the second waits for the first. */
  const save = async () => {
    clearTimeout(timer);
    if (under) await under;
    if (!dirty()) return true;
    if (!form.dataset.save) return leaveNew();
    under = once(form, content());
    try {
      return await under;
    } finally {
      under = null;
    }
  };
  /* A new item is on the server only once it was added: going elsewhere is said first, and done the second time. */
  const leaveNew = () => {
    if (!warned) show("over", "Mục mới chưa được thêm. Bấm Thêm mục để giữ; đi tiếp lần nữa thì bỏ.");
    const again = warned;
    warned = true;
    return again;
  };
  const once = async (sent, words) => {
    show("ext", "Đang lưu…");
    try {
      const answer = await fetch(sent.dataset.save, {
        method: "POST", body: new URLSearchParams(new FormData(sent)), credentials: "same-origin",
        headers: { "HX-Request": "true" },
      });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok && told.saved) {
        saved = words;
        for (const hidden of document.querySelectorAll('#editor input[name="seen"]')) hidden.value = told.seen;
        mark({});
        show("ok", `Đã lưu ${told.saved}`);
        const undo = document.querySelector("#undo-form button");
        if (undo) undo.removeAttribute("aria-disabled");
        return true;
      }
      mark(told.errors || {});
      if (told.stale) show("over", told.stale);
      else if (told.errors) show("over", `Chưa lưu: ${Object.values(told.errors)[0]}`);
      else show("over", "Chưa lưu được, trang có thể đã mở quá lâu.", true);
    } catch {
      show("over", "Chưa lưu được, mất kết nối. Những gì đã gõ còn ở đây.", true);
    }
    return false;
  };

  document.addEventListener("input", (event) => {
    if (!form || !form.contains(event.target)) return;
    clearTimeout(timer);
    warned = false;
    if (!form.dataset.save) return;
    show("late", "Chưa lưu");
    timer = setTimeout(save, REST);
  });
  document.addEventListener("change", (event) => form && form.dataset.save && form.contains(event.target) && save());
  addEventListener("beforeunload", (event) => dirty() && event.preventDefault());

  return {
    /* The form of the item that is shown now. What is in it came from the server, unless it was refused. */
    watch() {
      clearTimeout(timer);
      form = formOf();
      warned = false;
      saved = form && !form.querySelector(".err, [role=alert]") ? content() : "";
    },
    flush: save,
    /* Once what is being saved now is saved, or failed to be. */
    settled: () => under,
    stop() {
      clearTimeout(timer);
      form = null;
    },
  };
}
