/* Review of a reading: every button works without this script. With it one stays on the page: keys, saving while one
   types, and picking words in the source by keyboard or mouse. */
import { startSaving } from "./review_saving.js";
import { startPicking } from "./review_picking.js";

const byId = (id) => document.getElementById(id);
if (byId("workspace")) start();

function start() {
  const picking = startPicking(() => byId("workspace"));
  const saving = startSaving(() => byId("item-form"));
  let busy = Promise.resolve();

  const say = (words) => {
    let note = byId("review-note");
    if (!note) {
      note = document.createElement("p");
      note.id = "review-note";
      note.className = "note s-over";
      note.setAttribute("role", "alert");
      byId("workspace").prepend(note);
    }
    note.textContent = words;
  };
  const scrolls = () => [...document.querySelectorAll(".panes.review .pane-body")].map((pane) => pane.scrollTop);

  /* Which pane the person is in, so that they are there again once the workspace came anew. */
  const place = () => {
    const at = document.activeElement;
    if (at && at.closest(".pane-source")) return "source";
    return at && at.closest("#item-form") ? at.id : "tree";
  };
  const arrive = (where) => {
    const current = document.querySelector(".tree a[aria-current]");
    if (where === "source") document.querySelector(".pane-source .pane-body").focus({ preventScroll: true });
    else if (current) current.focus({ preventScroll: true });
    for (const pane of document.querySelectorAll(".pane-source .pane-body, .pane-items .pane-body")) {
      const chosen = pane.querySelector("a[aria-current]");
      if (!chosen || pane.scrollHeight <= pane.clientHeight) continue;
      const box = pane.getBoundingClientRect(), at = chosen.getBoundingClientRect();
      if (at.top < box.top || at.bottom > box.bottom) pane.scrollTop += at.top - box.top - box.height / 3;
    }
  };

  const fetched = async (address, options) => {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin", ...options });
    if (new URL(answer.url).pathname.startsWith("/accounts/")) location.reload();
    if (answer.status === 403) throw new Error("Chưa được phép làm việc này, hoặc trang đã mở quá lâu. Tải lại trang để xem lý do.");
    if (answer.status === 404) throw new Error("Mục này không còn nữa. Tải lại trang để xem danh sách mới.");
    if (answer.status >= 500) throw new Error("Việc vừa rồi chưa làm được, máy chủ đã ghi lại sự cố. Thử lại sau ít phút.");
    return answer;
  };
  const told = (problem) =>
    say(problem instanceof TypeError ? "Chưa kết nối được máy chủ. Kiểm tra mạng rồi thử lại." : problem.message);

  /* One thing after the other: what is pressed while an answer is under way waits for it. */
  const queue = (work) => (busy = busy.then(work).catch(told));

  const send = (form, button) => queue(async () => {
    const verb = button ? button.dataset.verb : "";
    /* Accepting sends what was typed; all else must not lose it. */
    if (verb === "accept") await saving.settled();
    else if (!(await saving.flush())) return;
    saving.stop();
    const where = verb === "accept" ? "tree" : place();
    const address = button && button.hasAttribute("formaction") ? button.formAction : form.action;
    const answer = await fetched(address, { method: "POST", body: new URLSearchParams(new FormData(form, button || undefined)) });
    const kept = scrolls();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("workspace");
    byId("workspace").replaceWith(fresh);
    document.querySelectorAll(".panes.review .pane-body").forEach((pane, at) => { if (at < 2) pane.scrollTop = kept[at]; });
    const went = answer.headers.get("X-Address");
    if (went) history.replaceState(null, "", went);
    begin();
    arrive(answer.ok ? where : "tree");
  });

  const open = (link) => queue(async () => {
    if (link.hasAttribute("aria-current") && byId("editor").dataset.current === link.dataset.key) return;
    if (!(await saving.flush())) return;
    const where = place();
    const answer = await fetched(link.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("editor");
    byId("editor").replaceWith(fresh);
    for (const one of document.querySelectorAll("#workspace a[data-key]")) {
      if (one.dataset.key === fresh.dataset.current) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
    history.replaceState(null, "", link.href);
    begin();
    arrive(where === "source" ? "source" : "tree");
  });

  const begin = () => {
    for (const node of document.querySelectorAll("#workspace .scripted, #show-keys")) node.hidden = false;
    saving.watch();
    picking.reset();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (!form.closest("#workspace") || form.method !== "post") return;
    event.preventDefault();
    if (button && button.getAttribute("aria-disabled") === "true") return;
    if (button && button.dataset.verb === "split") splitAtCursor();
    send(form, button);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#workspace a[data-key]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      if (getSelection().isCollapsed) open(link);
      return;
    }
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "show-keys") byId("key-sheet").showModal();
    else if (button.hasAttribute("data-close")) button.closest("dialog").close();
    else if (button.dataset.verb === "lead") nameAgency("lead", true);
    else if (button.dataset.verb === "helps") nameAgency("coordinating", false);
  });

  const press = (verb) => {
    const button = document.querySelector(`#editor [data-verb="${verb}"]`);
    if (button && !button.disabled) button.click();
    return Boolean(button);
  };
  const step = (by) => {
    const all = [...document.querySelectorAll(".tree a[data-key]")];
    const next = all[all.findIndex((link) => link.hasAttribute("aria-current")) + by];
    if (next) open(next);
  };

  /* A blank line where the cursor stands, in the text or at the words picked in the source. */
  const splitAtCursor = () => {
    const text = byId("id_text");
    if (!text || /\n\s*\n/.test(text.value.trim())) return;
    let at = Number(text.dataset.cursor || 0);
    const picked = picking.words();
    if (picked) {
      const rest = picking.following(40);
      at = text.value.indexOf(rest.slice(0, 20).trim() || picked);
    }
    if (at > 0 && at < text.value.length) text.value = `${text.value.slice(0, at).trimEnd()}\n\n${text.value.slice(at).trimStart()}`;
  };

  const nameAgency = (role, instead) => {
    const form = byId("agency-form");
    if (!form) return;
    const go = (words) => {
      form.elements.vai.value = role;
      form.elements.cum.value = words;
      form.elements.thay.value = instead ? "1" : "";
      send(form, null);
    };
    const picked = picking.words();
    if (picked) return go(picked);
    const dialog = byId("agency-picker"), input = byId("pick-words");
    byId("pick-h").textContent = role === "lead" ? "Cơ quan chủ trì" : "Cơ quan phối hợp";
    input.value = "";
    dialog.returnValue = "";
    dialog.onclose = () => dialog.returnValue === "ok" && input.value.trim() && go(input.value);
    dialog.showModal();
  };
  const makeFromPassage = (kind) => {
    const form = byId("passage-form"), range = picking.range();
    if (!form || !range) return false;
    [form.elements.tu.value, form.elements.den.value] = range;
    send(form, form.querySelector(`button[value="${kind}"]`));
    return true;
  };
  byId("workspace").closest("main").addEventListener("click", (event) => {
    const button = event.target.closest("#passage-form button");
    const range = button && picking.range();
    if (range) [byId("passage-form").elements.tu.value, byId("passage-form").elements.den.value] = range;
  }, true);

  const KINDS = { n: ["task", "nhiem-vu"], t: ["target", "chi-tieu"], h: ["duty", "che-do"] };
  const change = (letter) => makeFromPassage(KINDS[letter][1]) || press(`to-${KINDS[letter][0]}`) ||
    (letter === "t" && press("to-task"));
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    a: () => press("accept"),
    A: () => {
      const group = document.querySelector(".tree a[aria-current]")?.closest("[data-group]");
      (group?.querySelector(".accept-all") || document.querySelector(".tree .accept-all"))?.click();
    },
    e: () => byId("id_text")?.focus(),
    s: () => press("split"),
    m: () => press("merge"),
    x: () => press("ignore"),
    l: () => nameAgency("lead", true),
    L: () => nameAgency("lead", false),
    c: () => nameAgency("coordinating", false),
    n: () => change("n"),
    t: () => change("t"),
    h: () => change("h"),
    v: () => picking.enter(byId("editor").dataset.current),
    g: () => document.querySelector(".page-head a.btn.main")?.click(),
    "?": () => byId("key-sheet")?.showModal(),
  };
  const on = byId("keys-on");
  if (on) {
    on.checked = localStorage.getItem("review-keys") !== "off";
    on.addEventListener("change", () => localStorage.setItem("review-keys", on.checked ? "on" : "off"));
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const typing = at.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (document.querySelector("dialog[open]")) return;
    if (typing && typing.closest("#workspace")) {
      if (event.key === "Escape") document.querySelector(".tree a[aria-current]")?.focus();
      else if (event.key === "Enter" && event.ctrlKey) press("accept");
      else return;
      event.preventDefault();
      return;
    }
    if (typing || (at !== document.body && !at.closest("#workspace"))) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      const form = byId(event.shiftKey ? "redo-form" : "undo-form");
      if (form) send(form, null);
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (picking.key(event)) return event.preventDefault();
    if (!on || !on.checked) { if (event.key !== "?") return; }
    const act = acts[event.key] || (event.key.length === 1 && event.key !== "A" && event.key !== "L" && acts[event.key.toLowerCase()]);
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.id === "id_text") event.target.dataset.cursor = event.target.selectionStart;
  });

  begin();
  arrive("nowhere");
}
