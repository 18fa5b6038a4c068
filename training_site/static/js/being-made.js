// Looks now and then whether the certificate is made, and then offers it. Nothing moves or reloads by itself.
import { announce } from "./site.js";

const waiting = document.querySelector("[data-being-made]");
const ready = document.querySelector("[data-is-made]");
const FIRST_PAUSE = 1500;
const LONGEST_PAUSE = 15000;

async function look(pause) {
  try {
    const answer = await fetch(location.href, { method: "HEAD", redirect: "manual" });
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("application/pdf")) {
      waiting.hidden = true;
      ready.hidden = false;
      const words = ready.querySelector("p").textContent;
      document.querySelector("h1").textContent = words.replace(/\.$/, "");
      announce(words);
      return;
    }
  } catch {
    // offline for a moment: the next look may find it
  }
  setTimeout(look, pause, Math.min(pause * 1.3, LONGEST_PAUSE));
}

if (waiting && ready) setTimeout(look, FIRST_PAUSE, FIRST_PAUSE);
