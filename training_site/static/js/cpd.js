// Logging CPD from a phone: one tap fills the fields, what is typed stays on the device until it has arrived, and what was sent
// without a connection goes when there is one. Everything here only adds to forms that work without it.
//
// Words are kept for their officer and their page, for seven days, and dropped once the server has them. A form carries its own
// token, so sending it twice makes one draft. Drafts are also saved to the server while somebody writes (cpd-saving.js).

import { saveItself } from "./cpd-saving.js";
import { announce } from "./site.js";

const PREFIX = "cpd:";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const TYPING_PAUSE = 400;
const TRY_AGAIN = 10000;
const DEVICE = matchMedia("(pointer: coarse)").matches ? "on this phone" : "in this browser";

// --- What is kept on the device ---------------------------------------------------------------------------------------
const shelf = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  /** Returns whether it could be kept: private windows and full disks refuse. */
  write(key, entry) {
    try {
      localStorage.setItem(key, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // nothing could have been kept either
    }
  },
  /** Every entry of this officer; old ones, whoever's they are, are dropped on the way. */
  all(officer) {
    const found = [];
    let keys = [];
    try {
      keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return found;
    }
    for (const key of keys) {
      const entry = this.read(key);
      if (!entry || Date.now() - entry.at > KEPT_FOR) this.drop(key);
      else if (key.startsWith(`${PREFIX}${officer}:`)) found.push([key, entry]);
    }
    return found;
  },
};

const clock = (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const pageToken = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/** Send kept or typed fields; gives the address of the answer. Throws a TypeError when there is no connection. */
async function send(address, body) {
  // told where to go instead of being taken there, so that what that page has to say once is still to be said
  const headers = { "X-CSRFToken": pageToken(), "X-Goes-By-Itself": "1" };
  const response = await fetch(address, { method: "POST", body, headers });
  if (response.status >= 500) throw new TypeError("the server did not answer");
  return response.headers.get("X-Goes-To") ?? response.url;
}

const isSignIn = (address) => new URL(address, location.href).pathname.startsWith("/accounts/");
const isSame = (one, other) => new URL(one, location.href).pathname === new URL(other, location.href).pathname;

// --- One tap fills the fields -----------------------------------------------------------------------------------------
function fillFromPresets(form) {
  const boxes = (name) => [...form.querySelectorAll(`input[name^="${name}_"]:not([type=radio])`)];
  const fillings = {
    day: (value) => {
      const [year, month, day] = value.split("-").map(Number);
      return [day, month, year];
    },
    length: (value) => [Math.floor(value / 60), value % 60],
  };
  for (const [name, filling] of Object.entries(fillings)) {
    const presets = [...form.querySelectorAll(`input[name="${name}_preset"]`)];
    const fields = boxes(name).filter((box) => !box.name.includes("next_day"));
    if (!presets.length || !fields.length) continue;
    for (const preset of presets) {
      preset.addEventListener("change", () => filling(preset.value).forEach((part, place) => (fields[place].value = part)));
    }
    // typing another value takes the tap back; typing the same one presses it
    const follow = () => {
      const typed = fields.map((box) => Number(box.value || (name === "length" ? 0 : NaN)));
      for (const preset of presets) preset.checked = filling(preset.value).every((part, place) => part === typed[place]);
    };
    for (const box of fields) box.addEventListener("input", follow);
    if (fields.some((box) => box.value)) follow();
  }
}

/** The minutes the form says now; 0 when it says none. */
function minutesIn(form) {
  const box = (part) => Number(form.querySelector(`[name="length_${part}"]`)?.value || 0);
  const typed = box("hours") * 60 + box("minutes");
  const tapped = Number(form.querySelector('[name="length_preset"]:checked')?.value || 0);
  return Number.isInteger(typed) && typed > 0 ? typed : tapped;
}

function inWords(minutes) {
  const several = (count, word) => (count ? `${count} ${word}${count === 1 ? "" : "s"}` : "");
  return [several(Math.floor(minutes / 60), "hour"), several(minutes % 60, "minute")].filter(Boolean).join(" ");
}

function nameTheButton(form) {
  const button = form.querySelector("[data-cpd-button]");
  if (!button) return;
  const plain = button.textContent;
  const rename = () => {
    const minutes = minutesIn(form);
    button.textContent = minutes > 0 && minutes <= 1440 ? `Log ${inWords(minutes)}` : plain;
  };
  form.addEventListener("input", rename);
  form.addEventListener("change", rename);
  rename();
}

// --- A button for files that says what was chosen ---------------------------------------------------------------------
function dressFiles(form) {
  const dressed = { evidence: ["Add a photo or file", "Evidence: add a photo or file"], photo: ["Take a photo", "Evidence: take a photo"] };
  for (const input of form.querySelectorAll("input[type=file]")) {
    const [words, name] = dressed[input.name];
    const button = document.createElement("button");
    const chosen = document.createElement("p");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = words;
    button.id = input.id;
    button.setAttribute("aria-label", name);
    button.setAttribute("aria-describedby", input.getAttribute("aria-describedby") ?? "");
    chosen.setAttribute("aria-live", "polite");
    input.removeAttribute("id");
    input.hidden = true;
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      chosen.textContent = [...input.files].map((file) => file.name).join(", ");
    });
    input.after(button, chosen);
  }
}

// --- Times from and to fill in the length -------------------------------------------------------------------------------
function fillFromTimes(form) {
  const boxes = [...form.querySelectorAll("[data-cpd-times] input")];
  const fields = ["hours", "minutes"].map((part) => form.querySelector(`[name="length_${part}"]`));
  if (boxes.length !== 2 || !fields.every(Boolean)) return;
  const minuteOf = (text) => {
    const found = /^(\d{1,2})[:.]?(\d{2})$/.exec(text.trim());
    return found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
  };
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const passed = minuteOf(boxes[1].value) - minuteOf(boxes[0].value);
      if (!(passed > 0)) return;
      [fields[0].value, fields[1].value] = [Math.floor(passed / 60), passed % 60];
      fields[0].dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// --- Typed words stay here until they have arrived --------------------------------------------------------------------
function keepWords(form) {
  const key = `${PREFIX}${form.dataset.cpdOfficer}:${new URL(form.action).pathname}`;
  const box = form.querySelector("[data-cpd-kept]");
  const state = box.querySelector("[data-save-state]");
  const text = box.querySelector("[data-save-text]");
  const offline = box.querySelector("[data-cpd-offline]");
  const clear = form.querySelector("[data-cpd-clear]");
  const why = box.querySelector("[data-cpd-why]");
  const isNew = Boolean(form.querySelector('[name="client_token"]')?.value);
  box.querySelector("[data-cpd-device]").textContent = DEVICE;
  let timer = 0;
  let retry = 0;
  let isWaiting = false;
  let isSending = false;
  let pressed = null;

  const show = (name, words) => {
    box.hidden = name === "none";
    state.dataset.saveState = name;
    text.textContent = words;
    offline.hidden = name !== "not-saved";
    why.hidden = true;
  };
  const fields = () =>
    [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  const keep = (waiting = null) => {
    const at = Date.now();
    const isKept = shelf.write(key, { at, address: form.action, fields: fields(), waiting });
    if (!waiting && !saver) show(isKept ? "saved" : "none", `Kept ${DEVICE} at ${clock(at)}`);
    box.hidden &&= !isKept;
    clear.hidden = !isKept || Boolean(waiting);
    return isKept;
  };
  // what the server has needs no place here; a form not logged yet stays, to be found again when it is opened anew
  const arrived = () => (isNew ? keep() : shelf.drop(key));

  const saver =
    form.dataset.cpdSavesItself &&
    saveItself(form, pageToken, {
      saving: () => isWaiting || show("saving", "Saving"),
      saved: (at) => {
        if (isWaiting) return;
        arrived();
        show("saved", `${form.dataset.cpdSavesItself} at ${at}`);
        clear.hidden = !isNew;
      },
      offline: () => {
        if (isWaiting) return;
        const isKept = keep();
        show("not-saved", "Not saved: no connection");
        offline.hidden = !isKept;
      },
      refused: (sentence, isForGood) => {
        if (isWaiting) return;
        keep();
        show("not-saved", "Not saved yet");
        offline.hidden = true;
        why.hidden = false;
        why.textContent = sentence;
        if (isForGood) announce(`Not saved. ${sentence}`);
      },
      gone: () => {
        shelf.drop(key);
        location.assign(location.pathname);
      },
    });

  const restore = (entry) => {
    const names = new Set(entry.fields.map(([name]) => name));
    const notTyped = ["csrfmiddlewaretoken", "page", "sequence"];
    for (const input of form.elements) {
      if (!input.name || input.type === "file" || notTyped.includes(input.name)) continue;
      const values = entry.fields.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (names.has(input.name)) input.value = values[0];
    }
    for (const fold of form.querySelectorAll("details")) {
      fold.open ||= [...fold.querySelectorAll("input")].some((input) => (input.type === "checkbox" ? input.checked : input.value));
    }
    form.dispatchEvent(new Event("input"));
    show("saved", `Kept ${DEVICE} at ${clock(entry.at)}`);
    clear.hidden = false;
  };

  const body = (button) => {
    const data = new FormData(form);
    if (button?.name) data.set(button.name, button.value);
    return data;
  };

  const pressedNow = () => (pressed?.name ? { name: pressed.name, value: pressed.value } : {});

  const wait = () => {
    isWaiting = true;
    keep(pressedNow());
    if (state.dataset.saveState !== "not-saved") {
      announce(`Not saved: no connection. Your words are kept ${DEVICE} and go when you are back in signal.`);
    }
    show("not-saved", "Not saved: no connection");
    clearTimeout(retry);
    retry = setTimeout(deliver, TRY_AGAIN);
  };

  async function deliver() {
    if (isSending) return;
    const button = pressed;
    isSending = true;
    clearTimeout(timer);
    clearTimeout(retry);
    if (!isWaiting) show("saving", "Saving");
    let answer;
    await saver?.settled?.();
    saver?.stamp?.();
    try {
      answer = await send(form.action, body(button));
    } catch (problem) {
      if (!(problem instanceof TypeError)) throw problem;
      wait();
      return;
    } finally {
      isSending = false;
    }
    if (isSignIn(answer)) {
      // signed out meanwhile: the words stay here and fill the form after signing in
      keep();
      location.assign(`/accounts/login/?typed=kept-here&next=${encodeURIComponent(location.pathname)}`);
    } else if (isSame(answer, form.action)) {
      // something was refused: let the server show it in a page of its own, words and all
      shelf.drop(key);
      resend(button);
    } else {
      shelf.drop(key);
      location.assign(answer);
    }
  }

  const resend = (button) => {
    if (button?.name) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
    }
    form.submit();
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      keep(isWaiting ? pressedNow() : null);
    }, TYPING_PAUSE);
    if (!isWaiting && !isSending) saver?.typed?.();
  });
  form.addEventListener("change", () => form.dispatchEvent(new Event("input")));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (["two_days", "several_days"].includes(event.submitter?.name)) {
      // another page of the same form takes the words along
      clearTimeout(timer);
      shelf.drop(key);
      return;
    }
    event.preventDefault();
    if (isSending) return;
    pressed = event.submitter;
    deliver();
  });
  addEventListener("online", () => isWaiting && deliver());
  clear.querySelector("button").addEventListener("click", () => {
    // or a pause in typing that is still running would keep the words again before the page is gone
    clearTimeout(timer);
    const token = form.querySelector('[name="client_token"]')?.value;
    const leave = () => {
      shelf.drop(key);
      location.assign(location.pathname);
    };
    if (!saver || !token) leave();
    else saver.settled().then(() => send(`/cpd/unfinished/${token}/delete/`, new FormData())).then(leave, leave);
  });

  const kept = shelf.read(key);
  if (kept && form.dataset.cpdFresh === "yes") {
    restore(kept);
    if (kept.waiting) {
      isWaiting = true;
      pressed = kept.waiting;
      deliver();
    }
  }
}

// --- What still waits, on the list of what I logged -------------------------------------------------------------------
async function sendWhatWaits(list) {
  const box = list.querySelector("[data-cpd-waiting]");
  const text = list.querySelector("[data-cpd-waiting-text]");
  const say = (words) => {
    box.hidden = false;
    text.textContent = words;
  };
  let arrived = 0;
  for (const [key, entry] of shelf.all(list.dataset.cpdOfficer)) {
    if (!entry.waiting) continue;
    const data = new FormData();
    for (const [name, value] of entry.fields) data.append(name, value);
    if (entry.waiting.name) data.set(entry.waiting.name, entry.waiting.value);
    try {
      const answer = await send(entry.address, data);
      if (isSignIn(answer)) return;
      if (isSame(answer, entry.address)) {
        shelf.write(key, { ...entry, waiting: null });
        say(`What you logged without a connection needs a look. It is kept ${DEVICE}: open Log CPD.`);
      } else {
        shelf.drop(key);
        arrived += 1;
      }
    } catch {
      say(`Something you logged is kept ${DEVICE} and goes when you are back in signal.`);
      addEventListener("online", () => sendWhatWaits(list), { once: true });
      return;
    }
  }
  if (arrived) location.reload();
}

for (const form of document.querySelectorAll("[data-cpd-form]")) {
  // the page after logging says which form has arrived
  const sent = form.dataset.cpdSent;
  if (sent) {
    for (const [key, entry] of shelf.all(form.dataset.cpdOfficer)) {
      if (entry.fields.some(([name, value]) => name === "client_token" && value === sent)) shelf.drop(key);
    }
  }
  fillFromPresets(form);
  nameTheButton(form);
  fillFromTimes(form);
  dressFiles(form);
  keepWords(form);
}
for (const list of document.querySelectorAll("[data-cpd-list]")) sendWhatWaits(list);
