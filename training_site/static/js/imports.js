// Looks now and then how far an import is. When it is done with what it does, the page is loaded again.
import { announce } from "./site.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 15000;
const shown = () => document.querySelector("[data-import-progress]");

async function look(pause) {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-import-progress]");
      if (!now) {
        announce("Done.");
        location.reload();
        return;
      }
      for (const part of ["p", "progress"]) {
        const [before, after] = [shown().querySelector(part), now.querySelector(part)];
        if (before && after && before.outerHTML !== after.outerHTML) before.replaceWith(after);
      }
    }
  } catch {
    // offline for a moment: the next look may find it
  }
  setTimeout(look, pause, Math.min(pause * 1.3, LONGEST_PAUSE));
}

if (shown()) setTimeout(look, FIRST_PAUSE, FIRST_PAUSE);
