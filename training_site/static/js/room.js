// The page of an exam room looks again every ten seconds by itself. What changes for the worse is said aloud; nothing else moves.
import { announce } from "./site.js";

const EVERY = 10000; // milliseconds between looks
const place = document.querySelector("[data-room]");
const age = document.querySelector("[data-room-age]");
let etag = "";
let timer = 0;

/** Names of the candidates whose page has not been heard of. */
const lost = () => [...place.querySelectorAll("[data-lost]")].map((row) => row.dataset.lost);

/** Put the new piece in its place without taking the focus from a link that stands in it again. */
function show(piece) {
  const before = lost();
  const held = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.innerHTML = piece;
  if (held) place.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  const news = lost().filter((name) => !before.includes(name));
  if (news.length) announce(`Lost contact: ${news.join(", ")}`);
}

async function look() {
  clearTimeout(timer);
  try {
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(place.dataset.room, { headers, credentials: "same-origin", redirect: "error", cache: "no-store" });
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") ?? "";
      show(await answer.text());
    }
    if (answer.status === 200 || answer.status === 304) {
      const words = new Date().toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
      age.textContent = `As of ${words}.`;
      delete age.dataset.isOld;
    } else throw new Error(`Answered ${answer.status}.`);
  } catch {
    if (!age.dataset.isOld) announce("The room could not be read. It is tried again every ten seconds.");
    age.dataset.isOld = "yes";
    age.textContent = `${age.textContent.split(" Not connected")[0]} Not connected: tried again every ten seconds.`;
  }
  if (!document.hidden) timer = setTimeout(look, EVERY);
}

if (place && age) {
  timer = setTimeout(look, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || look());
}
