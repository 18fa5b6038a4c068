// The page of an invigilated test, or of one with rest breaks, says every twenty seconds that it is there and is told how its clock stands.
// A clock that was stopped holds the form where it is: nothing that was typed goes away, and it is sent when the clock runs again.
import { announce } from "./site.js";

const EVERY = 20000; // milliseconds between two words
const SOON = 5000; // the same while the clock stands still, so that nobody waits for the end of it
const PATIENCE = 10000;
const place = document.querySelector("[data-contact]");
const form = document.querySelector("[data-attempt]:not([data-read-only])");
let timer = 0;

function token() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? cookie[1] : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}

function show(selector, isShown) {
  for (const element of document.querySelectorAll(selector)) element.hidden = !isShown;
}

/** Take in what the server says of the clock. */
function heard({ clock, end, endsAt }) {
  const before = place.dataset.clock;
  if (clock === "ended") return;
  if (clock !== before && (!form || clock === "resting" || before === "resting")) {
    location.assign(place.dataset.here + location.search);
    return;
  }
  const isMoved = clock === "running" && before === "running" && endsAt !== place.dataset.ends;
  place.dataset.clock = clock;
  place.dataset.ends = endsAt;
  if (clock === before && !isMoved) return;
  for (const words of document.querySelectorAll("strong[data-ends-at]")) words.textContent = endsAt;
  show("[data-clock-notice], [data-clock-stopped]", clock === "stopped");
  show("[data-clock-runs]", clock === "running");
  tell({ clock, end, endsAt });
  if (clock === "stopped") announce("The clock is stopped by the invigilator. What you typed is kept.");
  else announce(`${isMoved ? "The end of your test was moved." : "The clock runs again."}${endsAt ? ` Your test now ends at ${endsAt}.` : ""}`);
}

function tell(detail) {
  document.dispatchEvent(new CustomEvent("sitting-clock", { detail }));
}

async function say() {
  clearTimeout(timer);
  try {
    const answer = await fetch(place.dataset.contact, {
      method: "POST",
      headers: { "X-CSRFToken": token() },
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (answer.ok) heard(await answer.json());
  } catch {
    // Not connected: the next word may arrive. What is typed is kept by the page itself.
  }
  timer = setTimeout(say, place.dataset.clock === "running" ? EVERY : SOON);
}

if (place) {
  if (place.dataset.clock === "stopped") tell({ clock: "stopped" });
  document.addEventListener("sitting-look", say);
  addEventListener("online", say);
  say();
}
