// An open attempt. The page works as a plain form; this saves at every change, says whether the answer has arrived, keeps what has
// not in the browser and sends it again, and goes from question to question without a page load, so that a lost connection stops nobody.
import { forget } from "./attempt-kept.js";
import { Saver } from "./attempt-saving.js";
import { Sheet } from "./attempt-sheet.js";
import { Sitting } from "./attempt-sitting.js";
import { announce } from "./site.js";

// --- One question at a time ------------------------------------------------------------------------------------------
class OneByOne extends Sitting {
  constructor(form) {
    super(form);
    addEventListener("popstate", () => this.isForward || this.show(Number(new URLSearchParams(location.search).get("q")) || 1, false));
    // What was answered further on and waited in this browser is sent first; then the page shows the question that is reached.
    const isBehind = this.isForward && Object.keys(this.saver.kept.memory).some((kept) => Number(kept) > this.position);
    this.saver.flush().then((isSent) => (isBehind && isSent ? location.assign(form.dataset.here) : this.fetchPieces()));
  }

  openSheets() {
    this.isForward = "forward" in this.form.dataset;
    this.position = Number(this.form.elements.position.value);
    this.pieces = {};
    this.sheet = this.newSheet();
  }

  newSheet() {
    return new Sheet(this.form, this.position, this.form.elements.flagged);
  }

  get sheets() {
    return [this.sheet];
  }

  sheetAt(position) {
    return position === this.position ? this.sheet : null;
  }

  sheetOf() {
    return this.sheet;
  }

  get addressHere() {
    return `${this.form.dataset.here}?q=${this.position}`;
  }

  called() {
    return "Not saved.";
  }

  pieceIn(page) {
    return page.querySelector("[data-piece]");
  }

  forgetPiece(position, piece) {
    this.pieces[position] = piece;
    delete this.local[position];
  }

  wordsOnWayBack(position) {
    return this.isForward ? "You had gone on from it, and this test goes forward only." : `Go back to question ${position} and choose it again.`;
  }

  async fetchPieces() {
    if ("checksAtOnce" in this.form.dataset) return;
    try {
      const answer = await fetch(this.form.dataset.questions, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) this.pieces = (await answer.json()).questions;
    } catch {
      // Without the pieces every question is a page load.
    }
  }

  go(event) {
    const act = event.submitter?.value ?? "save";
    this.capture();
    const target = { next: this.position + 1, previous: this.position - 1, save: this.position }[act] ?? Number(act);
    if (act === "review" || act === "check" || act === "rest") {
      this.leave(event, act);
      return;
    }
    if (target === this.position || this.pieces[target]) {
      event.preventDefault();
      if (target !== this.position) this.show(target, true);
      return;
    }
    // A page load: the form itself carries the answer, under the number of the save that carries it too. Where none is on its way there
    // is nothing new to save, and a number would make it one, after which what another device kept of this question counts as older.
    const entry = this.saver.kept.memory[this.position];
    this.form.elements.sequence.value = entry && entry.device === this.saver.tab.device ? entry.sequence : "";
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
    this.sheet = this.newSheet();
    this.putBack(this.sheet);
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
}

// --- All questions on one page ---------------------------------------------------------------------------------------
class OnOnePage extends Sitting {
  constructor(form) {
    super(form);
    this.saver.flush();
  }

  openSheets() {
    this.byPosition = new Map();
    for (const root of this.form.querySelectorAll("[data-sheet]")) {
      const position = Number(root.dataset.sheet);
      this.byPosition.set(position, new Sheet(root, position, this.form.elements[`flagged-${position}`]));
    }
  }

  get sheets() {
    return [...this.byPosition.values()];
  }

  sheetAt(position) {
    return this.byPosition.get(position);
  }

  sheetOf(control) {
    return this.byPosition.get(Number(control.closest("[data-sheet]")?.dataset.sheet));
  }

  get addressHere() {
    return this.form.dataset.here;
  }

  called(position) {
    return `Question ${position} is not saved.`;
  }

  pieceIn(page, position) {
    return page.querySelector(`[data-sheet="${position}"] [data-piece]`);
  }

  forgetPiece(position) {
    delete this.local[position];
  }

  go(event) {
    this.capture();
    const act = event.submitter?.value ?? "save";
    if (act === "review" || act === "rest") this.leave(event, act);
    else event.preventDefault(); // Everything is saved as it is typed.
  }
}

// --- Review and time up ----------------------------------------------------------------------------------------------
/** Nothing is submitted while an answer still waits in this browser: it is sent first. */
function submitting(form) {
  const stay = () => location.assign(form.dataset.here);
  const hooks = { state() {}, turn() {}, badAnswer: stay, stopped: stay };
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
if (question && !("readOnly" in question.dataset)) {
  if ("whole" in question.dataset) new OnOnePage(question);
  else new OneByOne(question);
}
const submission = document.querySelector("[data-submit]");
if (submission) submitting(submission);
