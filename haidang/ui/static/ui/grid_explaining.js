// Explanations beside the grid: each is saved by itself while it is written, and kept in this browser while the line is
// down. The list of findings is made anew by the server after each save of a cell; what is being written survives that.
import { clock, say, saySignedOut, tokenOf } from "./grid_line.js";

const REST = 1200; // milliseconds without a key before an explanation is saved
const AGAIN = 5000; // milliseconds before trying a lost line again

const one = (id) => document.getElementById(id);

/** `shown(answer)` paints marks and counts after a save. */
export function startExplaining(form, { shown }) {
  const box = one("findings");
  const shelf = `haidang.explanations.${form.dataset.owner}`;
  let queue = read();
  let [sending, timer] = [false, 0];

  function read() {
    try {
      return JSON.parse(localStorage.getItem(shelf)) || {};
    } catch {
      return {};
    }
  }

  function keep() {
    try {
      if (Object.keys(queue).length) localStorage.setItem(shelf, JSON.stringify(queue));
      else localStorage.removeItem(shelf);
    } catch {
      // The words are still on the page.
    }
  }

  const areas = () => [...(box?.querySelectorAll("form[data-explain] textarea") || [])];
  const saved = (area) => area.dataset.saved ?? "";

  /** Queue what an area says; words offered from before count once somebody has looked at them (`again`). */
  function put(area, again = false) {
    const text = area.value.trim();
    if (text === saved(area) || (!again && area.dataset.offered === text)) delete queue[area.name];
    else queue[area.name] = text;
    area.classList.toggle("waits", area.name in queue);
    keep();
  }

  async function send() {
    clearTimeout(timer);
    const there = new Set(areas().map((area) => area.name));
    const batch = Object.fromEntries(Object.entries(queue).filter(([name]) => there.has(name)));
    if (sending || !Object.keys(batch).length) return;
    sending = true;
    let went = false;
    try {
      const body = new URLSearchParams({ csrfmiddlewaretoken: tokenOf(form), ...batch });
      const answer = await fetch(box.querySelector("form[data-explain]").action, {
        method: "POST", headers: { "X-Part": "1" }, credentials: "same-origin", body,
      });
      const json = (answer.headers.get("Content-Type") || "").includes("json") && !answer.redirected;
      if (answer.status >= 500 && !json) throw new Error(String(answer.status));
      take(batch, json ? await answer.json() : null, answer.ok);
      went = answer.ok && json;
    } catch {
      one("save-say").textContent = `Mất mạng từ ${clock()}. Giải trình được giữ trên máy này và tự gửi khi có mạng.`;
      timer = setTimeout(send, AGAIN);
    } finally {
      sending = false;
    }
    if (went) send(); // what was written meanwhile
  }

  function take(batch, answer, went) {
    if (!answer || (!went && !answer.say)) {
      saySignedOut();
      return;
    }
    const standing = new Set(answer.standing || []);
    for (const [name, text] of Object.entries(batch)) if (queue[name] === text) delete queue[name];
    for (const area of areas()) {
      area.classList.toggle("waits", area.name in queue);
      if (went && area.name in batch) paint(area, batch[area.name], standing.has(area.name.slice(2)));
    }
    keep();
    say(went ? "" : answer.say);
    if (!went) return;
    one("save-say").textContent = `Đã lưu ${answer.at}`;
    shown(answer);
  }

  /** The note of a finding once its explanation stands, or no longer does. */
  function paint(area, text, stands) {
    area.dataset.saved = text;
    const note = area.closest(".note");
    note.classList.toggle("s-ok", stands);
    note.classList.toggle("s-late", !stands);
    note.dataset.class = `note ${stands ? "s-ok" : "s-late"}`;
    note.querySelector("strong").textContent = stands ? "Đã giải trình." : "Cần giải trình.";
    for (const old of note.querySelectorAll("[data-offer]")) old.hidden = stands;
  }

  box?.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    put(event.target);
    clearTimeout(timer);
    timer = setTimeout(send, REST);
  });
  box?.addEventListener("focusout", (event) => {
    if (!event.target.matches("textarea")) return;
    put(event.target);
    send();
  });
  box?.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-explain]")) return;
    event.preventDefault();
    const area = event.submitter?.closest(".note")?.querySelector("textarea");
    if (area) put(area, true); // the words from before are right for the new numbers too
    send();
  });
  addEventListener("online", send);
  addEventListener("focus", send);

  /** Put what is still to be sent back into its fields, after the list was made anew or the page was opened. */
  function resume() {
    for (const area of areas()) {
      if (!(area.name in queue)) continue;
      area.value = queue[area.name];
      area.classList.add("waits");
    }
    for (const node of box?.querySelectorAll("[data-without-script]") || []) node.hidden = true;
    send();
  }

  return { resume };
}
