// An open attempt. The page works as a plain form; this saves at every change, says whether the answer has arrived, keeps what has
// not in the browser and sends it again, and goes from question to question without a page load, so that a lost connection stops nobody.
import { sortPlaces } from "./places.js";
import { announce } from "./site.js";

const EVERY = 5000; // milliseconds between tries
const PATIENCE = 10000; // a request that takes longer counts as lost
const SLOW = 1000; // 'saving' shows only after this
const TYPING = 800; // a pause in typing after which the text is saved
const MINUTE = 60000;
const FIELDS = "[data-piece] :is(input:not([type=file]), select, textarea)[name]";
const CONFIDENCE = ".confidence"; // how sure one is, is no answer

// --- What is kept in this browser ------------------------------------------------------------------------------------
const keyOf = (attempt) => `attempt:${attempt}`;

/** The answers of an attempt that have not reached the server, by question. */
class Kept {
  constructor(attempt) {
    this.key = keyOf(attempt);
    this.memory = this.read();
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return this.memory ?? {};
    }
  }

  write() {
    try {
      if (this.size) localStorage.setItem(this.key, JSON.stringify(this.memory));
      else localStorage.removeItem(this.key);
    } catch {
      // Storage is full or forbidden: the answers stay in this page until they are sent.
    }
  }

  get size() {
    return Object.keys(this.memory).length;
  }

  put(position, entry) {
    this.memory[position] = entry;
    this.write();
  }

  /** Forget an answer that has arrived, unless a newer one took its place meanwhile. */
  arrived(position, sequence) {
    if (this.memory[position]?.sequence === sequence) delete this.memory[position];
    this.write();
  }

  oldest() {
    return Object.entries(this.memory).sort(([, a], [, b]) => a.sequence - b.sequence)[0];
  }
}

/** This tab's name for the attempt and its count of saves. Taken out while the tab lives, so that a copied tab is another one. */
class Tab {
  constructor(attempt) {
    this.key = `attempt-tab:${attempt}`;
    let known = null;
    try {
      known = JSON.parse(sessionStorage.getItem(this.key));
      sessionStorage.removeItem(this.key);
    } catch {
      // Without storage every page load is a tab of its own.
    }
    this.device = known?.device ?? `tab-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
    this.sequence = known?.sequence ?? 0;
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", (event) => event.persisted && this.comeBack());
  }

  next() {
    this.sequence += 1;
    return this.sequence;
  }

  leave() {
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ device: this.device, sequence: this.sequence }));
    } catch {
      // As above.
    }
  }

  comeBack() {
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // As above.
    }
  }
}

function forget(attempt) {
  try {
    localStorage.removeItem(keyOf(attempt));
    sessionStorage.removeItem(`attempt-tab:${attempt}`);
  } catch {
    // Nothing was kept.
  }
}

function token(form) {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
}

/** Post JSON and return {status, body}; status 0 means that nothing came back. */
async function post(form, address, message) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(form) },
      body: JSON.stringify(message),
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: answer.status, body: isJson ? await answer.json() : {} };
  } catch {
    return { status: 0, body: {} };
  }
}

const plural = (count, one, many) => (count === 1 ? one : many.replace("#", count));

/** Fill a copy of the page's own notice and show it in place of the one before. */
function showNotice(kind, lead, rest) {
  const place = document.querySelector("[data-notices]");
  const template = document.querySelector(`template[data-notice="${kind}"]`);
  if (!place || !template) return;
  place.querySelectorAll(`[data-shown="${kind}"]`).forEach((shown) => shown.remove());
  if (!lead) return;
  const holder = document.createElement("div");
  holder.dataset.shown = kind;
  holder.append(template.content.cloneNode(true));
  holder.querySelector("[data-lead]").textContent = lead;
  holder.querySelector("[data-rest]").textContent = rest;
  place.append(holder);
}

// --- Saving ----------------------------------------------------------------------------------------------------------
/** Sends what is kept, one save at a time, oldest first, until all has arrived. */
class Saver {
  constructor(form, address, attempt, turn, hooks) {
    Object.assign(this, { form, address, turn, hooks });
    this.kept = new Kept(attempt);
    this.tab = new Tab(attempt);
    this.isClaimed = false;
    this.isStopped = false;
    this.isFailing = false;
    this.isSignedOut = false;
    this.saidSaved = 0;
    this.running = null;
    setInterval(() => this.kept.size && this.flush(), EVERY);
    addEventListener("online", () => this.flush());
    this.adopt();
  }

  /** Answers left by a page that is gone are sent by this one, unless another device has moved on since. */
  adopt() {
    for (const [position, entry] of Object.entries(this.kept.memory)) {
      const isOurs = entry.device === this.tab.device && entry.turn === this.turn;
      if (isOurs) this.tab.sequence = Math.max(this.tab.sequence, entry.sequence);
      else if (entry.turn === this.turn || !this.hooks.isAnswered(position)) entry.isLoose = true;
      else delete this.kept.memory[position];
    }
    this.kept.write();
  }

  save(position, response, flagged) {
    const entry = { response, flagged, device: this.tab.device, turn: this.turn, sequence: this.tab.next() };
    this.kept.put(position, entry);
    return this.flush();
  }

  /** Send everything; resolves to whether nothing is left. */
  flush() {
    this.running ??= this.sendAll().finally(() => (this.running = null));
    return this.running;
  }

  async sendAll() {
    const slow = setTimeout(() => this.hooks.state("saving", "Saving"), SLOW);
    try {
      if (!(await this.claim())) return false;
      for (let next = this.kept.oldest(); next && !this.isStopped; next = this.kept.oldest()) {
        if (!(await this.send(...next))) return false;
      }
      return !this.kept.size;
    } finally {
      clearTimeout(slow);
    }
  }

  /** Say that this tab has the attempt open; the first time, and whenever it comes back into sight. */
  async claim() {
    if (this.isClaimed) return !this.isStopped;
    const { status, body } = await post(this.form, this.address, { device: this.tab.device, turn: this.turn });
    if (status !== 200) return this.failed(status, body);
    this.isClaimed = true;
    this.turn = body.turn;
    this.hooks.turn(body.turn);
    for (const entry of Object.values(this.kept.memory)) {
      if (entry.isLoose || entry.turn !== this.turn) {
        Object.assign(entry, { turn: this.turn, device: this.tab.device, sequence: this.tab.next() });
        delete entry.isLoose;
      }
    }
    this.kept.write();
    if (!this.kept.size) this.recovered("");
    return true;
  }

  async send(position, entry) {
    const message = { ...entry, position: Number(position) };
    delete message.isLoose;
    const { status, body } = await post(this.form, this.address, message);
    if (status === 200) {
      this.kept.arrived(position, entry.sequence);
      if (!this.kept.size) this.recovered(body.saved);
      return true;
    }
    if (status === 400 || status === 413) {
      // The server cannot take this as an answer: sending it again would not help, the person can.
      this.kept.arrived(position, entry.sequence);
      this.hooks.badAnswer(Number(position), body.message ?? "This answer is too long to save. Shorten it.");
      return true;
    }
    if (status === 409 && body.refused === "final") {
      this.kept.arrived(position, entry.sequence);
      return true;
    }
    return this.failed(status, body);
  }

  recovered(saved) {
    if (saved) this.hooks.state("saved", saved);
    showNotice("not-saved", "");
    if (this.isFailing) announce(`${saved || "Connected again"}. All your answers have reached us.`);
    else if (saved && Date.now() - this.saidSaved > MINUTE) {
      announce(saved, { isAside: true });
      this.saidSaved = Date.now();
    }
    this.isFailing = this.isSignedOut = false;
  }

  failed(status, body) {
    if (status === 409 && (body.refused === "moved" || body.refused === "closed")) {
      this.isStopped = true;
      this.hooks.stopped(body.refused, body.message);
      return false;
    }
    const count = this.kept.size;
    if (!count) return false;
    if (status === 409 && body.refused === "paused") {
      // The clock is stopped, as the page says or is about to: the answer waits here until it runs.
      this.hooks.state("not-saved", "Not sent yet. Kept in this browser");
      document.dispatchEvent(new Event("sitting-look"));
      return false;
    }
    const isSignedOut = status === 401 || status === 403;
    const answers = plural(count, "Your last answer", "Your last # answers");
    this.hooks.state("not-saved", "Not saved. Kept in this browser");
    if (isSignedOut) {
      showNotice(
        "not-saved",
        "You are signed out.",
        `${answers} ${plural(count, "is", "are")} kept in this browser. Sign in again in another tab, then come back to this one: ` +
          `${plural(count, "it is", "they are")} sent by ${plural(count, "itself", "themselves")}.`,
      );
      this.hooks.signedOut?.();
    } else {
      const lead = plural(count, "Your last answer has not reached us yet.", "Your last # answers have not reached us yet.");
      const kept = plural(count, "It is kept", "They are kept");
      showNotice("not-saved", lead, `${kept} in this browser and we try again every 5 seconds. Carry on. Do not close this tab.`);
    }
    if (!this.isFailing || (isSignedOut && !this.isSignedOut)) {
      announce(
        isSignedOut
          ? `You are signed out. ${answers} ${plural(count, "is", "are")} kept in this browser. Sign in again in another tab.`
          : `Not saved. ${answers} ${plural(count, "is", "are")} kept in this browser and we try again every 5 seconds.`,
      );
    }
    this.isFailing = true;
    this.isSignedOut = isSignedOut;
    return false;
  }
}

// --- The page of a question ------------------------------------------------------------------------------------------
class Sitting {
  constructor(form) {
    this.form = form;
    this.total = Number(form.dataset.total);
    this.position = Number(form.elements.position.value);
    this.pieces = {};
    this.local = {}; // what was put into each question here, by position
    this.saver = new Saver(form, form.action, form.dataset.attempt, Number(form.dataset.turn), this);
    form.elements.device.value = this.saver.tab.device;
    this.shown = this.snapshot();
    this.putBack();
    form.addEventListener("input", (event) => this.changed(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("submit", (event) => this.go(event));
    addEventListener("popstate", () => this.show(Number(new URLSearchParams(location.search).get("q")) || 1, false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.capture();
      else {
        this.saver.isClaimed = false;
        this.saver.flush();
      }
    });
    addEventListener("pagehide", () => this.capture());
    this.saver.flush().then(() => this.fetchPieces());
    this.clock = new Clock(form, this);
    document.addEventListener("sitting-clock", (event) => this.clockChanged(event.detail));
  }

  // What the saver tells.
  state(name, words) {
    const element = document.querySelector("[data-save-state]");
    if (!element) return;
    element.dataset.saveState = name;
    element.querySelector("[data-save-text]").textContent = words;
  }

  /** An invigilator stopped the clock, let it run on or moved the end: `contact.js` says so. */
  clockChanged({ clock, end, endsAt }) {
    if (clock !== "running") {
      this.capture();
      this.hold();
      this.clock.stop();
      return;
    }
    this.release();
    if (end) {
      this.form.dataset.endsAt = endsAt;
      this.clock.goOn(end, endsAt);
    }
    this.saver.flush();
  }

  turn(turn) {
    this.form.elements.turn.value = turn;
  }

  isAnswered(position) {
    return this.square(position)?.classList.contains("navigator__item--answered") ?? false;
  }

  badAnswer(position, words) {
    this.state("not-saved", "Not saved");
    if (position !== this.position) return;
    const place = this.form.querySelector("[data-answer-error]");
    if (place) {
      place.textContent = words;
      place.hidden = false;
      place.closest(".govuk-form-group")?.classList.add("govuk-form-group--error");
    }
    announce(`Not saved. ${words}`);
  }

  signedOut() {
    const place = document.querySelector('[data-shown="not-saved"] [data-rest]');
    if (!place || !this.form.dataset.signIn) return;
    const link = document.createElement("a");
    link.href = this.form.dataset.signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in again (opens a new tab)";
    place.append(" ", link);
  }

  stopped(kind, words) {
    if (kind === "closed") {
      location.assign(this.form.dataset.here);
      return;
    }
    this.freeze();
    showNotice("not-saved", words, "");
    const link = document.createElement("a");
    link.href = `${this.form.dataset.here}?q=${this.position}`;
    link.textContent = "Go on here instead";
    document.querySelector('[data-shown="not-saved"] [data-rest]')?.append(link);
    this.state("none", "");
    announce(words);
  }

  freeze() {
    for (const control of this.controls) control.disabled = true;
  }

  get controls() {
    return this.form.querySelectorAll("input:not([type=hidden]), button, textarea, select");
  }

  /** Take nothing for a while: what was typed stays to be read. */
  hold() {
    if (this.held) return;
    this.held = [...this.controls].filter((control) => !control.disabled);
    this.freeze();
  }

  release() {
    for (const control of this.held ?? []) control.disabled = false;
    this.held = null;
  }

  // Answers.
  /** The answer fields of the question shown: {response, flagged}. */
  snapshot() {
    const response = {};
    for (const control of this.form.querySelectorAll(FIELDS)) {
      const isPicked = control.type === "radio" || control.type === "checkbox" ? control.checked : true;
      if (isPicked) (response[control.name] ??= []).push(control.value);
    }
    return { response, flagged: this.form.elements.flagged.checked };
  }

  changed(event) {
    if (!event.target.name) return;
    const place = this.form.querySelector("[data-answer-error]");
    if (place && !place.hidden) {
      place.hidden = true;
      place.closest(".govuk-form-group")?.classList.remove("govuk-form-group--error");
    }
    clearTimeout(this.typing);
    if (event.target.type === "file") {
      if (event.type === "change") this.upload(event.target);
      return;
    }
    if (event.type === "input" && event.target.matches("input[type=text], textarea")) this.typing = setTimeout(() => this.capture(), TYPING);
    else this.capture();
  }

  /** Send chosen files at once and show the question as the server has it then. A file cannot wait in the browser, so a failure is said. */
  async upload(input) {
    if (!input.files.length || this.saver.isStopped) return;
    const position = this.position;
    this.capture();
    announce("Uploading");
    this.state("saving", "Uploading");
    try {
      if (!(await this.saver.flush())) throw new Error("Not connected.");
      const fields = new FormData(this.form);
      fields.set("go", "save");
      fields.set("sequence", this.saver.tab.next());
      const answer = await fetch(this.form.action, { method: "POST", body: fields, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const piece = page.querySelector("[data-piece]");
      if (!answer.ok || !piece) throw new Error("Not uploaded.");
      this.uploaded(position, piece.innerHTML);
    } catch {
      input.value = "";
      this.badAnswer(position, "The file was not uploaded. Check your connection, then choose it again.");
    }
  }

  uploaded(position, piece) {
    this.pieces[position] = piece;
    delete this.local[position];
    if (position !== this.position) return;
    this.form.querySelector("[data-piece]").innerHTML = piece;
    this.shown = this.snapshot();
    this.mark(position, this.shown);
    const error = this.form.querySelector("[data-answer-error]:not([hidden])");
    this.state(error ? "not-saved" : "saved", error ? "Not saved" : "Saved");
    announce(error ? error.textContent.trim() : "The file is uploaded and saved with your answer.");
    this.form.querySelector(".upload__file")?.focus();
  }

  /** Save the question shown if it differs from what was last saved. */
  capture() {
    clearTimeout(this.typing);
    if (this.saver.isStopped) return;
    const now = this.snapshot();
    if (JSON.stringify(now) === JSON.stringify(this.shown)) return;
    this.shown = now;
    this.local[this.position] = now;
    this.mark(this.position, now);
    this.saver.save(this.position, now.response, now.flagged);
  }

  /** Show again what this browser kept of the question shown. */
  putBack() {
    const kept = this.local[this.position] ?? this.saver.kept.memory[this.position];
    if (kept) this.fill(kept);
  }

  fill({ response, flagged }) {
    for (const control of this.form.querySelectorAll(FIELDS)) {
      const values = response?.[control.name] ?? [];
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
    }
    sortPlaces(this.form);
    this.form.elements.flagged.checked = Boolean(flagged);
    this.shown = this.snapshot();
    this.mark(this.position, this.shown);
  }

  // The navigator.
  square(position) {
    return this.form.querySelector(`.navigator__item[value="${position}"]`);
  }

  mark(position, { response, flagged }) {
    const square = this.square(position);
    if (!square) return;
    const isAnswered = Object.entries(response).some(([name, values]) => !name.endsWith(CONFIDENCE) && values.some((value) => value.trim()));
    square.classList.toggle("navigator__item--answered", isAnswered);
    square.classList.toggle("navigator__item--flagged", flagged);
    this.say(square);
    const count = (name) => this.form.querySelectorAll(`.navigator__item--${name}`).length;
    this.form.querySelector("[data-answered]").textContent = count("answered");
    this.form.querySelector("[data-flagged]").textContent = count("flagged");
    this.sayUnanswered();
  }

  /** How many have no answer, in the notice that stands: it is as true after each answer as when it came. */
  sayUnanswered() {
    for (const place of document.querySelectorAll("[data-unanswered]")) place.textContent = this.unansweredWords;
  }

  say(square) {
    const has = (name) => square.classList.contains(`navigator__item--${name}`);
    const words = [has("answered") ? "answered" : "not answered"];
    if (has("flagged")) words.push("flagged");
    if (has("current")) words.push("shown now");
    square.lastElementChild.textContent = `, ${words.join(", ")}`;
  }

  get unansweredWords() {
    const unanswered = this.total - this.form.querySelectorAll(".navigator__item--answered").length;
    return unanswered ? ` ${plural(unanswered, "1 question has", "# questions have")} no answer.` : "";
  }

  // Going from question to question.
  async fetchPieces() {
    if ("checksAtOnce" in this.form.dataset) return;
    try {
      const answer = await fetch(this.form.dataset.questions, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) this.pieces = (await answer.json()).questions;
    } catch {
      // Without the pieces every question is a page load.
    }
  }

  async go(event) {
    const act = event.submitter?.value ?? "save";
    this.capture();
    const target = { next: this.position + 1, previous: this.position - 1, save: this.position }[act] ?? Number(act);
    if (act === "review" || act === "check" || act === "rest") {
      event.preventDefault();
      if (await this.saver.flush()) {
        if (act === "review") location.assign(this.form.dataset.review);
        else this.postPlainly(act);
      } else if (!this.saver.isStopped) {
        announce("Your last answers have not reached us yet. Carry on here; the rest opens when they have.");
      }
      return;
    }
    if (target === this.position || this.pieces[target]) {
      event.preventDefault();
      if (target !== this.position) this.show(target, true);
      return;
    }
    // A page load: the form itself carries the answer, under the number of the save that carries it too.
    const entry = this.saver.kept.memory[this.position];
    this.form.elements.sequence.value = entry && entry.device === this.saver.tab.device ? entry.sequence : this.saver.tab.next();
  }

  postPlainly(act) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "go", value: act });
    this.form.append(field);
    this.form.elements.sequence.value = this.saver.tab.next();
    this.form.submit();
  }

  show(position, isNew) {
    if (!this.pieces[position]) {
      location.assign(`${this.form.dataset.here}?q=${position}`);
      return;
    }
    this.capture();
    const before = this.square(this.position);
    before.classList.remove("navigator__item--current");
    before.removeAttribute("aria-current");
    this.say(before);
    this.position = position;
    const here = this.square(position);
    const wasFlagged = here.classList.contains("navigator__item--flagged");
    here.classList.add("navigator__item--current");
    here.setAttribute("aria-current", "step");
    this.say(here);
    this.form.querySelector("[data-piece]").innerHTML = this.pieces[position];
    this.form.elements.position.value = position;
    this.form.elements.flagged.checked = wasFlagged;
    this.shown = this.snapshot();
    this.putBack();
    document.querySelector("[data-place]").textContent = position;
    document.title = document.title.replace(/\d+/, position);
    for (const way of this.form.querySelectorAll("[data-previous]")) way.hidden = position === 1;
    this.form.querySelector("[data-next]").hidden = position === this.total;
    this.form.querySelector("[data-last]").hidden = position !== this.total;
    this.form.querySelector("[data-to-review]").hidden = position === this.total;
    if (isNew) history.pushState(null, "", `?q=${position}`);
    scrollTo(0, 0);
    const heading = this.form.querySelector("[data-piece] h1");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }

  /** Time is up: send what is left in the seconds of grace, then see what was received. */
  async timeIsUp() {
    this.capture();
    this.freeze();
    showNotice("due", "Time is up.", `Your test ended at ${this.form.dataset.endsAt} and is submitted as it stands.`);
    announce("Time is up. Your test is submitted as it stands.");
    await this.saver.flush();
    if (!this.saver.kept.size) location.assign(this.form.dataset.here);
  }
}

// --- Time ------------------------------------------------------------------------------------------------------------
/** The clock time of the end always; the time left only for those who ask; four announcements. */
class Clock {
  constructor(form, sitting) {
    if (!form.dataset.end) return;
    this.sitting = sitting;
    this.endsAt = form.dataset.endsAt;
    this.end = Number(form.dataset.end);
    // The server's clock counts: what differs is taken off this one.
    this.ahead = Date.now() - Number(form.dataset.now);
    const whole = this.end - Number(form.dataset.start);
    const half = { left: whole / 2, words: `Half your time is left: ${this.inWords(whole / 2)}.` };
    const last = [10, 5, 1].map((minutes) => ({ left: minutes * MINUTE, words: `${plural(minutes, "1 minute", "# minutes")} left.` }));
    this.marks = [half, ...last.filter(({ left }) => left < half.left)];
    this.left = this.end - this.now();
    this.text = document.querySelector("[data-time-left]");
    this.button = document.querySelector("[data-time-left-switch]");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.switch(this.text.hidden));
    this.switch(this.isWanted());
    this.timer = setInterval(() => this.tick(), 1000);
  }

  stop() {
    clearInterval(this.timer);
    if (this.text) this.text.hidden = this.button.hidden = true;
  }

  /** Run on to a new end, in the server's milliseconds. */
  goOn(end, endsAt) {
    if (!this.text) return;
    clearInterval(this.timer);
    Object.assign(this, { end, endsAt, left: end - this.now() });
    this.button.hidden = false;
    this.switch(this.isWanted());
    this.timer = setInterval(() => this.tick(), 1000);
  }

  now() {
    return Date.now() - this.ahead;
  }

  inWords(milliseconds) {
    return plural(Math.max(1, Math.ceil(milliseconds / MINUTE)), "1 minute", "# minutes");
  }

  switch(shows) {
    this.text.hidden = !shows;
    this.button.textContent = shows ? "Hide time left" : "Show time left";
    this.draw();
    try {
      localStorage.setItem("show-time-left", shows ? "yes" : "no");
    } catch {
      // Not remembered then.
    }
  }

  isWanted() {
    try {
      return localStorage.getItem("show-time-left") === "yes";
    } catch {
      return false;
    }
  }

  draw() {
    if (!this.text.hidden) this.text.textContent = `${this.inWords(this.left)} left`;
  }

  tick() {
    const before = this.left;
    this.left = this.end - this.now();
    const crossed = this.marks.filter(({ left }) => before > left && this.left <= left).pop();
    if (crossed && this.left > 0) {
      const rest = `Your test ends at ${this.endsAt} and is submitted then as it stands.`;
      document.querySelectorAll("[data-notices] > .notice").forEach((older) => older.remove());
      showNotice("due", crossed.words, rest);
      this.sitting.sayUnanswered();
      announce(`${crossed.words} ${rest}${this.sitting.unansweredWords}`);
    }
    if (this.left <= 0) {
      clearInterval(this.timer);
      this.left = 0;
      this.sitting.timeIsUp();
    }
    this.draw();
  }
}

// --- Review and time up ----------------------------------------------------------------------------------------------
/** Nothing is submitted while an answer still waits in this browser: it is sent first. */
function submitting(form) {
  const stay = () => location.assign(form.dataset.here);
  const hooks = { state() {}, turn() {}, isAnswered: () => true, badAnswer: stay, stopped: stay };
  const saver = new Saver(form, form.dataset.save, form.dataset.submit, Number(form.dataset.turn), hooks);
  if (saver.kept.size) saver.flush();
  if ("timeUp" in form.dataset) return;
  form.addEventListener("submit", async (event) => {
    if (!saver.kept.size) return;
    event.preventDefault();
    if (await saver.flush()) form.submit();
    else announce("Not submitted. An answer kept in this browser has not reached us yet.");
  });
}

const received = document.querySelector("[data-received]");
if (received) forget(received.dataset.received);
const question = document.querySelector("[data-attempt]");
if (question && !("readOnly" in question.dataset)) new Sitting(question);
const submission = document.querySelector("[data-submit]");
if (submission) submitting(submission);
