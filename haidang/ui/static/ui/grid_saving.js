// What was typed and is not yet with the server: kept in this browser, sent when it can be, asked about when somebody
// else wrote in the same place. Serves the number grid (a code is a cell) and the texts (a code is a section).
import { clock, heldBack, post, readStored, say, saySignedOut, store } from "./grid_line.js";

const CHUNK = 1000; // codes sent at once
const PAUSE = 150; // milliseconds between the last change and its sending
const AGAIN = 5000; // milliseconds before trying a lost line again
const MOST_LOST = 5; // texts of a code of which it is remembered that they were sent
const MOST_WAIT = 4000; // milliseconds that sending a report waits for what is on its way

const one = (id) => document.getElementById(id);

/** A number as it was typed and as it is shown are the same number. */
const plain = (text) => text.replace(/[.\s]/g, "").replace(/[−–]/g, "-");

/**
 * The queue of one form. `fields` maps a code to its input or textarea; `noun` is what the strip counts ("ô", "mục").
 * `shown(text)` is how a queued text stands in its field; `waiting(code, on)` paints the wait; `taken(batch, answer)`
 * shows what the server made of it; `label(code)` names the field to people.
 */
export function startSaving(form, { fields, shelfName, noun, shown, waiting, taken, label, payload }) {
  // Kept by person and filing: two people on one machine must not send each other's words.
  const shelf = `haidang.${shelfName}.${form.dataset.owner}`;
  let queue = readStored(shelf);
  // Code to what stood there when the text was typed: after a reload it tells whether somebody wrote there meanwhile.
  const baseShelf = `${shelf}.base`;
  const bases = readStored(baseShelf);
  // Code to texts: sent, and no answer came yet, or it was lost, or the page was left. The server may have them or not.
  const sentShelf = `${shelf}.sent`;
  const unanswered = readStored(sentShelf);
  let [sending, halted] = [false, false]; // halted: the server takes nothing at present, until something changes
  let [lostAt, timer] = ["", 0];
  const unkept = new Map(); // code to text: what the server would not take, still in its field
  let revision = Number(form.elements.revision.value);
  const onOtherShelves = heldBack(form.dataset.owner, shelfName);
  let warned = false; // that something is not saved, when the report was to be sent
  const puts = new Map(); // code to how many times it was given a text on this page
  const times = (code) => puts.get(code) || 0;

  // A page that was made before the last save of this browser arrived (a reload that overtook it) shows old numbers.
  const seenShelf = `${shelf}.seen`;
  function remakeOldPage() {
    const { revision: seen } = readStored(seenShelf);
    if (!(seen > revision) || sessionStorage.getItem(seenShelf) === String(seen)) return;
    sessionStorage.setItem(seenShelf, String(seen)); // once: the server may have been set back
    location.reload();
  }

  /** Put these codes on the shelf as the queue has them; what another window of the same filing put there stays. */
  function keep(codes) {
    const stored = readStored(shelf);
    const stood = readStored(baseShelf);
    for (const code of codes) {
      // What was refused is kept as it was typed: after a reload it is there again, and refused again.
      if (code in queue) stored[code] = queue[code];
      else if (unkept.has(code)) stored[code] = unkept.get(code);
      else delete stored[code];
      if (code in stored) stood[code] = bases[code] ?? "";
      else {
        delete stood[code];
        delete bases[code];
      }
    }
    store(shelf, stored);
    store(baseShelf, stood);
  }

  // ---- what is being typed, before the field is left: kept for the machine that stops in the middle of a number
  const desk = `${shelf}.typing`;

  function typing(code, text) {
    try {
      if (text === undefined) localStorage.removeItem(desk);
      else localStorage.setItem(desk, JSON.stringify([code, text, savedText(code)]));
    } catch {
      // As for the shelf.
    }
  }

  function typedBefore() {
    try {
      const [code, text, base] = JSON.parse(localStorage.getItem(desk)) || [];
      if (!fields.has(code)) return; // of another form of this filing: it waits for its page
      localStorage.removeItem(desk);
      if (!(code in bases) && base !== undefined) bases[code] = base;
      if (!fields.get(code).readOnly && overwrites(code, text.trim())) {
        contest(code, text.trim());
        return;
      }
      if (!fields.get(code).readOnly && text.trim() !== held(code)) put(code, text.trim());
    } catch {
      // Nothing that can be read.
    }
  }

  // The shelf may hold cells of another form of this filing, or of one that was locked meanwhile: they wait there.
  const here = () => Object.entries(queue).filter(([code]) => fields.has(code) && !fields.get(code).readOnly);
  const held = (code) => (code in queue ? shown(queue[code]) : savedText(code));
  const savedText = (code) => fields.get(code).dataset.saved ?? "";

  /** The field holds what should be kept: queue it unless that is known already. */
  function commit(code) {
    typing(code);
    const text = fields.get(code).value.trim();
    if (code in contested) {
      // Left as it stands the question stays; something else typed into the field is an answer to it.
      if (text === shown(contested[code]) || text === savedText(code)) return;
      settle(code);
    }
    if (text !== held(code)) put(code, text);
    else if (unkept.delete(code)) {
      keep([code]);
      waiting(code, true); // the sign of the refused text goes with it
      waiting(code, false);
      strip();
    }
  }

  /** Queue a text for a field; one that says no more than what the server surely has leaves the queue. */
  function put(code, text) {
    const field = fields.get(code);
    puts.set(code, times(code) + 1);
    bases[code] ??= savedText(code);
    warned = false;
    if (text === savedText(code) && !(code in unanswered)) delete queue[code];
    else queue[code] = text;
    unkept.delete(code);
    if (field.value.trim() !== shown(text)) field.value = shown(text);
    waiting(code, code in queue);
    keep([code]);
    strip();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }

  async function send() {
    const batch = Object.fromEntries(here().slice(0, CHUNK));
    if (sending || !Object.keys(batch).length) return;
    sending = true;
    strip();
    let stopped = false;
    try {
      const lost = Object.fromEntries(Object.entries(unanswered).filter(([code]) => code in batch));
      for (const [code, text] of Object.entries(batch)) unanswered[code] = [...(unanswered[code] || []), text].slice(-MOST_LOST);
      store(sentShelf, unanswered);
      const { status, body } = await post(form, { ...payload, revision, cells: batch, lost });
      lostAt = "";
      for (const code of Object.keys(batch)) delete unanswered[code];
      store(sentShelf, unanswered);
      stopped = !body || !take(batch, body, status);
      halted = !body || (status >= 400 && status !== 409 && !body.refused);
      if (!body) saySignedOut();
    } catch {
      lostAt = lostAt || clock();
      clearTimeout(timer);
      timer = setTimeout(send, AGAIN);
    } finally {
      sending = false;
      strip();
    }
    if (!lostAt && !stopped && here().some(([code, text]) => batch[code] !== text)) send();
  }

  /** Whether the server went through the batch (single refusals included), so that the rest may follow. */
  function take(batch, answer, status) {
    revision = answer.revision ?? revision;
    form.elements.revision.value = revision;
    store(seenShelf, { revision });
    if (status === 409) {
      ask(batch, answer.conflicts);
      return false;
    }
    if (status >= 400 && !answer.refused) {
      say(answer.say);
      return false;
    }
    const refused = answer.refused || {};
    for (const [code, text] of Object.entries(batch)) {
      // Typed again while this was on its way: the newer text is still owed.
      if (queue[code] === text) delete queue[code];
      if (code in refused) {
        if (!(code in queue)) unkept.set(code, text);
        continue;
      }
      const field = fields.get(code);
      field.dataset.saved = answer.cells?.[code] ?? shown(text);
      bases[code] = field.dataset.saved; // of a newer text that is still owed
      if (!(code in queue) && field !== document.activeElement) field.value = field.dataset.saved;
      if (!(code in queue)) waiting(code, false);
    }
    keep(Object.keys(batch));
    if (answer.at) one("save-say").textContent = `Đã lưu ${answer.at}`;
    taken(batch, answer, refused);
    say(Object.values(refused).join(" "));
    return true;
  }

  // ---- two people wrote in the same place: nobody's words are lost before somebody chose, not even by a reload
  const dispute = `${shelf}.contested`;
  const contested = readStored(dispute);

  function ask(batch, conflicts) {
    for (const [code, theirs] of Object.entries(conflicts)) {
      delete queue[code];
      contested[code] = batch[code];
      question(code, theirs.text, `${label(code)}: ${theirs.say} `);
    }
    keep(Object.keys(conflicts));
    store(dispute, contested);
    setTimeout(send, 0);
  }

  function question(code, theirs, words) {
    const box = one("grid-say");
    const line = document.createElement("p");
    line.className = "note s-late";
    line.dataset.asks = code;
    line.append(words);
    for (const [verb, text] of [["Giữ", theirs], ["Dùng", contested[code]]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn sm";
      button.textContent = `${verb} ${brief(shown(text))}`;
      button.addEventListener("click", () => {
        const field = fields.get(code);
        field.dataset.saved = theirs;
        settle(code);
        field.value = shown(text);
        waiting(code, false);
        if (text !== theirs) put(code, text);
        field.focus();
      });
      line.append(button, " ");
    }
    for (const old of box.querySelectorAll(`[data-asks="${CSS.escape(code)}"]`)) old.remove();
    box.append(line);
    box.hidden = false;
  }

  /** Whether a text from an earlier visit would take the place of what somebody else wrote since. */
  function overwrites(code, text) {
    const like = (one, other) => plain(one) === plain(other);
    const own = [text, ...(unanswered[code] || [])];
    return code in bases && !like(bases[code], savedText(code)) && !own.some((one) => like(shown(one), savedText(code)));
  }

  /** Leave it to a person: the text waits with the question. */
  function contest(code, text) {
    delete queue[code];
    contested[code] = text;
    keep([code]);
    store(dispute, contested);
  }

  function settle(code) {
    delete contested[code];
    store(dispute, contested);
    const box = one("grid-say");
    for (const line of box.querySelectorAll(`[data-asks="${CSS.escape(code)}"]`)) line.remove();
    box.hidden = !box.childElementCount;
  }

  /** After a reload: the questions that nobody has answered yet. */
  function askAgain() {
    for (const [code, mine] of Object.entries(contested)) {
      if (!fields.has(code) || fields.get(code).readOnly) continue;
      if (mine === savedText(code)) settle(code);
      else question(code, savedText(code), `${label(code)}: người khác đã sửa chỗ này; phần nhập trên máy này chưa gửi. Giữ bản nào? `);
    }
  }

  const brief = (text) => (text.length > 40 ? `“${text.slice(0, 40)}…”` : text || "ô trống");

  function strip() {
    one("save-refused").hidden = !unkept.size;
    one("save-refused").textContent = `${unkept.size} ${noun} chưa lưu được: sửa rồi rời ${noun}`;
    one("save-ok").hidden = unkept.size > 0;
    one("save-say").hidden = unkept.size > 0;
    const waits = here().length;
    const elsewhere = Object.keys(queue).length - waits + onOtherShelves;
    const chip = one("save-wait");
    chip.hidden = !waits && !elsewhere;
    chip.className = lostAt || (halted && waits) ? "chip s-over" : waits ? "chip s-ext" : "chip s-late";
    if (!waits && elsewhere) {
      chip.textContent = `${elsewhere} ${onOtherShelves ? "chỗ" : noun} của phần khác, hoặc của phần đang khoá, còn giữ trên máy này. Mở phần đó để gửi.`;
      return;
    }
    chip.textContent = lostAt
      ? `Mất mạng từ ${lostAt}. ${waits} ${noun} được giữ trên máy này và tự gửi khi có mạng.`
      : halted ? `${waits} ${noun} chưa gửi được, còn giữ trên máy này` : `${waits} ${noun} đang lưu`;
  }

  // ---- nobody sends a report while numbers of it are still only in this browser, unless knowingly
  const submit = document.querySelector("#savebar .end a.main");
  const owed = () => Object.keys(queue).length + unkept.size + Object.keys(contested).length + onOtherShelves;
  submit?.addEventListener("click", async (event) => {
    if (warned || !owed()) return;
    event.preventDefault();
    send();
    for (let waited = 0; waited < MOST_WAIT && here().length && !halted && !lostAt; waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (!owed()) {
      location.assign(submit.href);
      return;
    }
    warned = true;
    say(`Còn ${owed()} ${onOtherShelves ? "chỗ" : noun} chưa lưu được, nên chưa có trong báo cáo sẽ gửi. Sửa, chọn hoặc chờ có mạng rồi gửi; bấm lần nữa nếu vẫn gửi.`);
  });

  /** Show what an earlier visit left on the shelf, and send it. */
  function resume() {
    remakeOldPage();
    for (const [code, text] of here()) {
      if (overwrites(code, text)) {
        contest(code, text);
        continue;
      }
      fields.get(code).value = shown(text);
      waiting(code, true);
    }
    typedBefore();
    askAgain();
    strip();
    send();
  }

  document.addEventListener("visibilitychange", () => document.hidden && send());
  addEventListener("online", send);
  addEventListener("focus", send); // somebody may have signed in again in another window
  return { commit, put, resume, times, typing, waits: (code) => code in queue, isRefused: (code) => unkept.has(code) };
}
