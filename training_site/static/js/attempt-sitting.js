// An open attempt on a page, in either layout: takes in what is typed, has it saved, says what became of it, and ends with the time.
import { Clock } from "./attempt-clock.js";
import { plural, showNotice } from "./attempt-notices.js";
import { Saver } from "./attempt-saving.js";
import { isAnswer } from "./attempt-sheet.js";
import { announce } from "./site.js";

const TYPING = 800; // a pause in typing after which the text is saved
const LONGEST_TYPING = 4000; // the same without a pause

// A layout says which sheets its page shows (sheets, sheetAt, sheetOf), where one is (addressHere, called, pieceIn, forgetPiece) and where
// its buttons go (go).
export class Sitting {
  constructor(form) {
    this.form = form;
    this.total = Number(form.dataset.total);
    this.local = {}; // what was put into each question here, by position
    this.openSheets();
    this.saver = new Saver(form, form.action, form.dataset.attempt, Number(form.dataset.turn), this);
    form.elements.device.value = this.saver.tab.device;
    for (const sheet of this.sheets) this.putBack(sheet);
    form.addEventListener("input", (event) => this.changed(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("submit", (event) => this.go(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.capture();
      else {
        this.saver.isClaimed = false;
        this.saver.flush();
      }
    });
    addEventListener("pagehide", () => this.capture());
    this.clock = new Clock(form, this);
    document.addEventListener("sitting-clock", (event) => this.clockChanged(event.detail));
  }

  // What the saver tells.
  state(name, words) {
    for (const position of Object.keys(this.saver?.kept.memory ?? {})) this.sheetAt(Number(position))?.say(words);
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

  /** An answer has arrived; a newer one of the same question may be on its way. */
  arrived(position, words) {
    if (!this.saver.kept.memory[position]) this.sheetAt(position)?.say(words);
  }

  /** A question of a forward-only test that was left for good takes no answer: show the one that is reached. */
  passed() {
    location.assign(this.form.dataset.here);
  }

  turn(turn) {
    this.form.elements.turn.value = turn;
  }

  badAnswer(position, words) {
    this.state("not-saved", "Not saved");
    const sheet = this.sheetAt(position);
    if (!sheet) return;
    sheet.tell(words);
    sheet.say("Not saved");
    announce(`${this.called(position)} ${words}`);
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
    link.href = this.addressHere;
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
  changed(event) {
    const sheet = event.target.name ? this.sheetOf(event.target) : null;
    if (!sheet) return;
    sheet.untell();
    clearTimeout(sheet.typing);
    if (event.target.type === "file") {
      if (event.type === "change") this.upload(sheet, event.target);
      return;
    }
    if (event.type !== "input" || !event.target.matches("input[type=text], textarea")) {
      this.capture(sheet);
      return;
    }
    // Whoever types without a pause is saved all the same.
    sheet.typingSince ??= Date.now();
    const wait = Math.max(0, Math.min(TYPING, sheet.typingSince + LONGEST_TYPING - Date.now()));
    sheet.typing = setTimeout(() => this.capture(sheet), wait);
  }

  /** Send chosen files at once and show the question as the server has it then. A file cannot wait in the browser, so a failure is said. */
  async upload(sheet, input) {
    if (!input.files.length || this.saver.isStopped) return;
    const { position } = sheet;
    this.capture(sheet);
    announce("Uploading");
    this.state("saving", "Uploading");
    sheet.say("Uploading");
    const asChosen = this.fieldsWith(input, position);
    try {
      if (!(await this.saver.flush())) throw new Error("Not connected.");
      // Somebody may have gone to another question meanwhile: the file is still one of this question.
      const body = this.sheetAt(position) === sheet ? this.fieldsWith(input, position) : asChosen;
      body.set("sequence", this.saver.tab.next());
      body.set("turn", this.saver.turn);
      const answer = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const piece = this.pieceIn(page, position);
      if (!answer.ok || !piece) throw new Error("Not uploaded.");
      this.uploaded(position, piece.innerHTML);
    } catch {
      input.value = "";
      if (this.sheetAt(position) === sheet) {
        this.badAnswer(position, "The file was not uploaded. Check your connection, then choose it again.");
        return;
      }
      const lead = `The file you chose for question ${position} was not uploaded.`;
      this.state("not-saved", "File not uploaded");
      showNotice("file", lead, this.wordsOnWayBack(position));
      announce(`${lead} ${this.wordsOnWayBack(position)}`);
    }
  }

  fieldsWith(input, position) {
    const fields = new FormData(this.form);
    for (const name of [...fields.keys()]) if (name.endsWith(".file") && name !== input.name) fields.delete(name);
    fields.set("go", "save");
    if (fields.has("sheet")) fields.set("sheet", position); // the others stay as they are saved
    return fields;
  }

  uploaded(position, piece) {
    this.forgetPiece(position, piece);
    const sheet = this.sheetAt(position);
    if (!sheet) return;
    sheet.root.querySelector("[data-piece]").innerHTML = piece;
    sheet.shown = sheet.snapshot();
    this.mark(position, sheet.shown);
    const words = sheet.error ? "Not saved" : "Saved";
    this.state(sheet.error ? "not-saved" : "saved", words);
    sheet.say(words);
    announce(sheet.error ? sheet.error.textContent.trim() : "The file is uploaded and saved with your answer.");
    sheet.root.querySelector(".upload__file")?.focus();
  }

  /** Save the question if it differs from what was last saved; without one, every question shown. */
  capture(only = null) {
    for (const sheet of only ? [only] : this.sheets) {
      clearTimeout(sheet.typing);
      sheet.typingSince = null;
      if (this.saver.isStopped) return;
      const now = sheet.news();
      if (!now) continue;
      sheet.say("");
      this.local[sheet.position] = now;
      this.mark(sheet.position, now);
      this.saver.save(sheet.position, now.response, now.flagged);
    }
  }

  /** Show again what this browser kept of a question. */
  putBack(sheet) {
    const kept = this.local[sheet.position] ?? this.saver.kept.memory[sheet.position];
    if (!kept?.response) return;
    sheet.fill(kept);
    this.mark(sheet.position, sheet.shown);
  }

  // The navigator.
  square(position) {
    return this.form.querySelector(`.navigator__item[data-position="${position}"]`);
  }

  mark(position, { response, flagged }) {
    const square = this.square(position);
    if (!square) return;
    square.classList.toggle("navigator__item--answered", isAnswer(response));
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

  /** Leave for the review, or for a rest, when everything has arrived. */
  async leave(event, act) {
    event.preventDefault();
    if (await this.saver.flush()) {
      if (act === "review") location.assign(this.form.dataset.review);
      else this.postPlainly(act);
    } else if (!this.saver.isStopped) {
      announce("Your last answers have not reached us yet. Carry on here; the rest opens when they have.");
    }
  }

  postPlainly(act) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "go", value: act });
    this.form.append(field);
    this.form.elements.sequence.value = this.saver.tab.next();
    this.form.submit();
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
