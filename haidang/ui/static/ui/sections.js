// The agency's words for the closing report: each text is saved by itself, as cells are. Works without script too.
import { startSaving } from "./grid_saving.js";

const REST = 1200; // milliseconds without a key before a text is saved
const form = document.querySelector("form[data-sections]");
if (form) start();

function start() {
  const areas = [...form.querySelectorAll("textarea")];
  const timers = new Map();
  for (const area of areas) area.dataset.saved = area.value.trim();

  const saving = startSaving(form, {
    fields: new Map(areas.map((area) => [area.name, area])),
    shelfName: "sections",
    noun: "mục",
    payload: {},
    shown: (text) => text,
    label: (code) => form.querySelector(`label[for="${areas.find((area) => area.name === code).id}"]`).textContent,
    waiting: (code, on) => {
      const area = areas.find((one) => one.name === code);
      area.classList.toggle("waits", on);
    },
    taken: () => {},
  });

  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea")) return;
    saving.typing(event.target.name, event.target.value);
    clearTimeout(timers.get(event.target));
    timers.set(event.target, setTimeout(() => saving.commit(event.target.name), REST));
  });
  form.addEventListener("focusout", (event) => event.target.matches("textarea") && saving.commit(event.target.name));
  addEventListener("pagehide", () => {
    if (document.activeElement?.matches("textarea")) saving.commit(document.activeElement.name);
  });
  for (const node of document.querySelectorAll("[data-without-script]")) node.hidden = true;
  saving.resume();
}
