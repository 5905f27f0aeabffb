/* The shell's script: menus close when one leaves them, a lost session or network is said. Pages work without it. */
"use strict";
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement && document.activeElement.closest("details.menu[open]");
  if (!menu) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});
/* A fragment was asked for and the sign-in page came: the session is over. The whole page goes there and comes back. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  location.reload();
});
const say = (words) => {
  let note = document.getElementById("shell-note");
  if (!note) {
    note = document.createElement("p");
    note.id = "shell-note";
    note.className = "note s-over";
    note.setAttribute("role", "alert");
    document.getElementById("main").prepend(note);
  }
  note.textContent = words;
};
document.addEventListener("htmx:sendError", () => say("Chưa kết nối được máy chủ. Kiểm tra mạng rồi thử lại; số đã lưu vẫn còn."));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status >= 500) say("Việc vừa rồi chưa làm được, máy chủ đã ghi lại sự cố. Thử lại sau ít phút.");
  else if (status === 403) say("Chưa được phép làm việc này, hoặc trang đã mở quá lâu. Tải lại trang để xem lý do.");
  else if (status === 404) say("Mục này không còn nữa. Tải lại trang để xem danh sách mới.");
});
