// What every page may need. Each part only adds to a page that already works without it.

const page = document.documentElement;
page.classList.add("js");

const APART = 2000; // milliseconds that what was said stays before something said beside it takes its place
let saidAt = 0;

/** Say something to a screen reader, politely; the same words twice in a row are said again. An aside waits until the rest is heard. */
export function announce(words, { isAside = false } = {}) {
  const region = document.getElementById("live");
  if (!region) return;
  const wait = isAside ? Math.max(0, saidAt + APART - Date.now()) : 0;
  if (!isAside) saidAt = Date.now();
  setTimeout(() => {
    region.textContent = "";
    setTimeout(() => (region.textContent = words), 50);
  }, wait);
}

// On a phone 'Menu' is a link to the list at the foot of the page; here it becomes a button that opens the list in place.
for (const link of document.querySelectorAll("[data-menu]")) {
  const list = document.getElementById(link.dataset.menu);
  if (!list) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", list.id);
  const open = (yes) => {
    list.classList.toggle("is-open", yes);
    button.setAttribute("aria-expanded", String(yes));
  };
  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      open(false);
      button.focus();
    }
  });
  link.replaceWith(button);
}

// The summary of errors is where reading begins.
document.querySelector("[data-error-summary]")?.focus();

for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword);
  if (!input) continue;
  const show = (yes) => {
    input.type = yes ? "text" : "password";
    button.textContent = yes ? "Hide" : "Show";
    button.setAttribute("aria-label", yes ? "Hide password" : "Show password");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    show(input.type === "password");
    announce(input.type === "text" ? "Your password is visible" : "Your password is hidden");
  });
  // never leave a password readable in the browser's memory of forms
  input.form?.addEventListener("submit", () => show(false));
}

// A second press within two seconds is the same press.
const DOUBLE_PRESS = 2000;
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.dataset.preventDoubleClick !== "true") return;
  const now = Date.now();
  if (now - Number(button.dataset.pressedAt || 0) < DOUBLE_PRESS) event.preventDefault();
  else button.dataset.pressedAt = String(now);
});

// Where folds start open for those without a script, a phone starts them closed; a wide window has no line to open them by.
const phone = matchMedia("(max-width: 43.6875em)");
const foldForWidth = () => {
  for (const fold of document.querySelectorAll("details[data-fold-on-phone]")) fold.open = !phone.matches;
};
if (phone.matches) foldForWidth();
phone.addEventListener("change", foldForWidth);
