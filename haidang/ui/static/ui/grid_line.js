// What lies between the page of a filing and the server: sending, saying that it went wrong, and this browser's store.

const KEEPALIVE_MOST = 20000; // characters; browsers refuse to keep larger requests alive behind a closed page
const SHELVES = ["cells", "sections"];

const one = (id) => document.getElementById(id);

export function clock() {
  return new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
}

/** Say one sentence beside the grid, or nothing; questions that wait for an answer stay. `link`: address and words. */
export function say(sentence, link) {
  const box = one("grid-say");
  for (const line of box.querySelectorAll("[data-said]")) line.remove();
  if (sentence) {
    const line = document.createElement("p");
    line.className = "note s-over";
    line.dataset.said = "";
    line.textContent = sentence;
    if (link) {
      const way = document.createElement("a");
      [way.href, way.textContent] = link;
      line.append(" ", way);
    }
    box.append(line);
  }
  box.hidden = !box.childElementCount;
}

/** What was typed waits until somebody signs in again, here or in another window. */
export function saySignedOut() {
  say("Phiên làm việc đã hết; phần đang nhập vẫn được giữ trên máy này và gửi sau khi đăng nhập lại.", [location.href, "Đăng nhập lại"]);
}

/** The token against requests from elsewhere: as it is now, for it changes when somebody signs in in another window. */
export function tokenOf(form) {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] || form.elements.csrfmiddlewaretoken.value;
}

/** POST as JSON with the form's token; the answer as {status, body}, body null when it is no JSON of ours. */
export async function post(form, payload) {
  const body = JSON.stringify(payload);
  const answer = await fetch(form.dataset.save, {
    method: "POST",
    keepalive: body.length < KEEPALIVE_MOST,
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": tokenOf(form),
    },
    body,
  });
  const json = (answer.headers.get("Content-Type") || "").includes("json");
  if (answer.status >= 500 && !json) throw new Error(String(answer.status));
  return { status: answer.status, body: json && !answer.redirected ? await answer.json() : null };
}

/** What this browser keeps under a name; empty when there is nothing, or nothing that can be read. */
export function readStored(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) || {};
  } catch {
    return {};
  }
}

/** Keep it under this name; an empty one is taken away. */
export function store(name, kept) {
  try {
    if (Object.keys(kept).length) localStorage.setItem(name, JSON.stringify(kept));
    else localStorage.removeItem(name);
  } catch {
    // A full or forbidden store: the words are still on the page, and the strip says that they wait.
  }
}

/** How many codes of a filing wait in this browser, on all shelves but one. */
export function heldBack(owner, but) {
  const held = (name) => Object.keys(readStored(`haidang.${name}.${owner}`)).length;
  return SHELVES.filter((name) => name !== but).reduce((sum, name) => sum + held(name), 0);
}
