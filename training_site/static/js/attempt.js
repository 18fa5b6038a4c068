// An open attempt. The page works as a plain form; this saves at every change, says whether the answer has arrived, keeps what has
// not in the browser and sends it again, and goes from question to question without a page load, so that a lost connection stops nobody.
import { Clock } from "./attempt-clock.js";
import { forget } from "./attempt-kept.js";
import { plural, showNotice } from "./attempt-notices.js";
import { Saver } from "./attempt-saving.js";
import { sortPlaces } from "./places.js";
import { announce } from "./site.js";

const TYPING = 800; // a pause in typing after which the text is saved
const FIELDS = "[data-piece] :is(input:not([type=file]), select, textarea)[name]";
const CONFIDENCE = ".confidence"; // how sure one is, is no answer

// --- The page of a question ------------------------------------------------------------------------------------------
class Sitting {
  constructor(form) {
    this.form = form;
    this.total = Number(form.dataset.total);
    this.isForward = "forward" in form.dataset;
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
    addEventListener("popstate", () => this.isForward || this.show(Number(new URLSearchParams(location.search).get("q")) || 1, false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.capture();
      else {
        this.saver.isClaimed = false;
        this.saver.flush();
      }
    });
    addEventListener("pagehide", () => this.capture());
    // What was answered further on and waited in this browser is sent first; then the page shows the question that is reached.
    const isBehind = this.isForward && Object.keys(this.saver.kept.memory).some((kept) => Number(kept) > this.position);
    this.saver.flush().then((isSent) => (isBehind && isSent ? location.assign(form.dataset.here) : this.fetchPieces()));
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

  /** The end may have moved: every answer of the server says when it is. */
  ends(end, endsAt) {
    if (!end || end === this.clock?.end) return;
    this.form.dataset.endsAt = endsAt;
    for (const place of document.querySelectorAll("strong[data-ends-at]")) place.textContent = endsAt;
    this.clock?.goOn(end, endsAt);
  }

  /** A question of a forward-only test that was left for good takes no answer: show the one that is reached. */
  passed() {
    location.assign(this.form.dataset.here);
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
    return { response, flagged: this.form.elements.flagged?.checked ?? false };
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
    if (kept?.response) this.fill(kept);
  }

  fill({ response, flagged }) {
    for (const control of this.form.querySelectorAll(FIELDS)) {
      const values = response?.[control.name] ?? [];
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
    }
    sortPlaces(this.form);
    if (this.form.elements.flagged) this.form.elements.flagged.checked = Boolean(flagged);
    this.shown = this.snapshot();
    this.mark(this.position, this.shown);
  }

  // The navigator.
  square(position) {
    return this.form.querySelector(`.navigator__item[data-position="${position}"]`);
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
    const flags = this.form.querySelector("[data-flagged]");
    if (flags) flags.textContent = count("flagged");
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
    if (this.form.elements.flagged) this.form.elements.flagged.checked = wasFlagged;
    this.shown = this.snapshot();
    this.putBack();
    document.querySelector("[data-place]").textContent = position;
    document.title = document.title.replace(/\d+/, position);
    for (const way of this.form.querySelectorAll("[data-previous]")) way.hidden = position === 1;
    this.form.querySelector("[data-next]").hidden = position === this.total;
    this.form.querySelector("[data-last]").hidden = position !== this.total;
    const noWayBack = this.form.querySelector("[data-no-way-back]");
    if (noWayBack) noWayBack.hidden = position === this.total;
    this.form.querySelector("[data-to-review]").hidden = position === this.total;
    if (this.isForward) {
      history.replaceState(null, "", `?q=${position}`);
      this.saver.goOn(position);
    } else if (isNew) history.pushState(null, "", `?q=${position}`);
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
