// Checking a filing: what is asked at single cells and sections stays while the checker goes from form to form.

const form = document.querySelector("form[data-return]");
if (form) start();

function start() {
  const shelf = `haidang.return.${form.dataset.return}`;
  const fields = [...form.elements].filter((field) => /^(comment|notes|note:.*)$/.test(field.name));
  let kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem(shelf)) || {};
  } catch {
    // Nothing was kept.
  }
  for (const field of fields) {
    if (kept[field.name] && !field.value) field.value = kept[field.name];
    // Notes in a closed part would be sent unseen.
    if (field.value && field.closest("details")) field.closest("details").open = true;
  }

  function keep() {
    for (const field of fields) kept[field.name] = field.value;
    try {
      sessionStorage.setItem(shelf, JSON.stringify(kept));
    } catch {
      // The words are on the page, until it is left.
    }
  }

  form.addEventListener("input", keep);
  form.addEventListener("submit", () => {
    try {
      sessionStorage.removeItem(shelf);
    } catch {
      // Nothing was kept.
    }
  });
  document.addEventListener("note-here", ({ detail: code }) => {
    const notes = form.elements.notes;
    const lines = notes.value.split("\n").filter((line) => line.trim());
    if (!lines.some((line) => line.startsWith(`${code}:`))) lines.push(`${code}: `);
    notes.value = lines.join("\n");
    keep();
    notes.closest("details").open = true;
    notes.focus();
    const at = lines.findIndex((line) => line.startsWith(`${code}:`));
    const end = lines.slice(0, at + 1).join("\n").length;
    notes.setSelectionRange(end, end);
  });
}
