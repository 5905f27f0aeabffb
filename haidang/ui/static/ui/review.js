/* Plan review: marks the chosen item in all panes, and three keys. The page works without it, through links. */
"use strict";
(() => {
  const panes = document.querySelector(".panes.review");
  if (!panes) return;
  const links = () => [...panes.querySelectorAll(".tree a[data-key]")];
  const within = (pane, target) => {
    const box = pane.getBoundingClientRect(), at = target.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) pane.scrollTop += at.top - box.top - box.height / 3;
  };
  const mark = () => {
    const editor = document.getElementById("editor");
    const key = editor ? editor.dataset.current : "";
    for (const link of panes.querySelectorAll("a[data-key]")) {
      if (key && link.dataset.key === key) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    for (const pane of panes.querySelectorAll(".pane-source .pane-body, .pane-items .pane-body")) {
      const chosen = pane.querySelector("a[aria-current]");
      if (chosen) within(pane, chosen);
    }
  };
  const step = (by) => {
    const all = links();
    const here = all.findIndex((link) => link.hasAttribute("aria-current"));
    const next = all[here + by];
    if (next) next.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !panes.contains(event.target)) return;
    if (event.target.closest("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "a") { const form = document.getElementById("item-form"); if (form) form.requestSubmit(); }
    else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", mark);
  document.addEventListener("htmx:historyRestore", mark);
  mark();
})();
