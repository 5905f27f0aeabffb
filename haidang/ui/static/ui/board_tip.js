// What a square of the chasing board tells beyond its letter: due, received, by whom, whom to ask, how often chased.
// A mouse gets it as a title; whoever comes to the square by keyboard gets the same here. Esc puts it away.
const tip = document.createElement("p");
tip.id = "square-tip";
tip.className = "tip";
tip.role = "tooltip";
tip.hidden = true;
let told = null; // the square that it is about

/** Let the squares of a table tell more when the focus comes to them; `stopOf` gives what takes it in a cell. */
export function tellMore(table, stopOf) {
  table.closest(".scroll").after(tip);
  table.addEventListener("focusin", (event) => {
    hide();
    const cell = event.target.closest("td");
    if (stopOf(cell) === event.target && event.target.matches(":focus-visible")) show(cell);
  });
  table.addEventListener("focusout", hide);
  for (const node of [table.closest(".scroll"), document]) node.addEventListener("scroll", () => told && place());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}

function show(cell) {
  told = cell.querySelector("a.ob");
  tip.textContent = told.title;
  tip.hidden = false;
  document.activeElement.setAttribute("aria-describedby", tip.id);
  place();
}

/** Below the square, above it where there is no room. */
function place() {
  const [square, room] = [told.getBoundingClientRect(), tip.getBoundingClientRect()];
  const end = Math.min(innerHeight, document.querySelector(".savebar")?.getBoundingClientRect().top ?? innerHeight);
  tip.style.top = `${square.bottom + room.height < end ? square.bottom : square.top - room.height}px`;
  tip.style.left = `${Math.max(4, Math.min(square.left, innerWidth - room.width - 4))}px`;
}

function hide() {
  told?.closest("td").querySelector("[aria-describedby]")?.removeAttribute("aria-describedby");
  told = null;
  tip.hidden = true;
}
