// A list to put in order works by its selects alone. With script each line also has buttons that move it, said to a screen reader.
import { announce } from "./site.js";

const items = (list) => [...list.querySelectorAll("[data-item]")];
const select = (item) => item.querySelector("select");
const isWhole = (list) => items(list).every((item) => select(item).value);

/** Give every line the place where it stands. */
function number(list) {
  items(list).forEach((item, place) => (select(item).value = String(place + 1)));
}

/** Let the lines of every list below stand by their places, where each has one. */
export function sortPlaces(root) {
  for (const list of root.querySelectorAll("[data-places]")) {
    if (!isWhole(list)) continue;
    const sorted = items(list).sort((a, b) => select(a).value - select(b).value);
    list.append(...sorted);
  }
}

function say(list, item) {
  const place = items(list).indexOf(item) + 1;
  announce(`${item.querySelector("[data-item-text]").textContent.trim()}: place ${place} of ${items(list).length}`);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-move]");
  if (!button) return;
  const item = button.closest("[data-item]");
  const list = item.closest("[data-places]");
  const [before, after] = [item.previousElementSibling, item.nextElementSibling];
  if (button.dataset.move === "-1" && before) before.before(item);
  if (button.dataset.move === "1" && after) after.after(item);
  number(list);
  button.focus();
  say(list, item);
  select(item).dispatchEvent(new Event("change", { bubbles: true }));
});

// Caught on its way down, so that whoever saves the answer finds the places as they are in the end.
document.addEventListener(
  "input",
  (event) => {
    const list = event.target.closest?.("[data-places]");
    if (!list || !isWhole(list)) return;
    const item = event.target.closest("[data-item]");
    // By the places they have: while the first ones are given, the lines do not stand by them yet.
    const others = items(list)
      .filter((one) => one !== item)
      .sort((a, b) => select(a).value - select(b).value);
    others.splice(Number(event.target.value) - 1, 0, item);
    list.append(...others);
    number(list);
    event.target.focus();
    say(list, item);
  },
  true,
);
