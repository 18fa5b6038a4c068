// A CPD page that saves by itself while somebody writes. Each opened page has a name of its own and numbers its saves; the form carries
// the moment it was opened on. So an old save never overwrites newer text, whenever it arrives: the server decides by these, not by the clock.

const PAUSE = 1500;
const SHOWN_AFTER = 1000;
const TRY_AGAIN = 10000;
const HEADER = "X-Saved-By";

/** A name for this opened page. Not randomUUID: that one needs https, and some stations have none inside. */
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Save `form` by itself. `says` is told what became of it: saving(), saved(clock time), offline(), refused(sentence, isForGood), gone().
 * Gives `typed()` to be called after each change, `settled()` that resolves once nothing is on its way, and `stamp()` that numbers the
 * next save in the form's own fields.
 */
export function saveItself(form, token, says) {
  const field = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
  const page = newName();
  let number = 0;
  let timer = 0;
  let underWay = null;
  let isStopped = false;
  let isAgain = false;

  const stamp = () => {
    number += 1;
    field("page").value = page;
    field("sequence").value = String(number);
  };

  const body = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (typeof value !== "string") data.delete(name);
    return data;
  };

  async function save() {
    stamp();
    const shown = setTimeout(says.saving, SHOWN_AFTER);
    let response;
    try {
      response = await fetch(form.action, {
        method: "POST",
        body: body(),
        headers: { "X-CSRFToken": token(), [HEADER]: "page" },
      });
      if (response.status >= 500) throw new TypeError("the server did not answer");
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem;
      says.offline();
      typed(TRY_AGAIN);
      return;
    } finally {
      clearTimeout(shown);
    }
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
    const said = isOurs ? await response.json() : {};
    if (!isOurs) {
      // signed out meanwhile, or the page is too old: what was typed stays on the device
      isStopped = true;
      says.refused("You are signed out, or this page is too old. Your words are kept here; open the page again to go on.", true);
    } else if (said.gone) {
      isStopped = true;
      says.gone();
    } else if (response.ok) {
      field("seen_at").value = said.seen_at;
      says.saved(said.saved_at);
    } else {
      isStopped = response.status === 409;
      says.refused(said.refused, isStopped);
    }
  }

  function run() {
    if (isStopped) return;
    if (underWay) {
      isAgain = true;
      return;
    }
    underWay = save().finally(() => {
      underWay = null;
      if (isAgain) {
        isAgain = false;
        typed();
      }
    });
  }

  function typed(pause = PAUSE) {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(run, pause);
  }

  addEventListener("online", () => typed(0));

  return {
    typed,
    stamp,
    /** Nothing more is sent by itself until the next change; resolves when what is under way has been answered. */
    async settled() {
      clearTimeout(timer);
      isAgain = false;
      await underWay;
      clearTimeout(timer);
    },
  };
}
