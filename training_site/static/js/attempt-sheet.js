// One question on a page: what is put into it, its flag, and what is said beside it. Alone on its page or one of many.
import { sortPlaces } from "./places.js";

const FIELDS = "[data-piece] :is(input:not([type=file]), select, textarea)[name]";
const CONFIDENCE = ".confidence"; // how sure one is, is no answer

/** The name of a field where its question stands alone: an answer is kept and sent under it, whatever page it was given on. */
const plainName = (name) => name.replace(/^answer-\d+/, "answer");

const isTick = ({ type }) => type === "radio" || type === "checkbox";

/** Whether something was put into a question. */
export function isAnswer(response) {
  return Object.entries(response).some(([name, values]) => !name.endsWith(CONFIDENCE) && values.some((value) => value.trim()));
}

export class Sheet {
  constructor(root, position, flag) {
    Object.assign(this, { root, position, flag });
    this.shown = this.snapshot(); // what was last saved of it
  }

  /** The answer fields and the flag: {response, flagged}. */
  snapshot() {
    const response = {};
    for (const control of this.root.querySelectorAll(FIELDS)) {
      if (!isTick(control) || control.checked) (response[plainName(control.name)] ??= []).push(control.value);
    }
    return { response, flagged: this.flag?.checked ?? false };
  }

  /** Take in what differs from what was last saved; null where nothing does. */
  news() {
    const now = this.snapshot();
    if (JSON.stringify(now) === JSON.stringify(this.shown)) return null;
    this.shown = now;
    return now;
  }

  fill({ response, flagged }) {
    for (const control of this.root.querySelectorAll(FIELDS)) {
      const values = response?.[plainName(control.name)] ?? [];
      if (isTick(control)) control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
    }
    sortPlaces(this.root);
    if (this.flag) this.flag.checked = Boolean(flagged);
    this.shown = this.snapshot();
  }

  get error() {
    return this.root.querySelector("[data-answer-error]:not([hidden])");
  }

  tell(words) {
    const place = this.root.querySelector("[data-answer-error]");
    if (!place) return;
    place.textContent = words;
    place.hidden = false;
    place.closest(".govuk-form-group")?.classList.add("govuk-form-group--error");
  }

  untell() {
    const place = this.error;
    if (!place) return;
    place.hidden = true;
    place.closest(".govuk-form-group")?.classList.remove("govuk-form-group--error");
  }

  /** Say beside the question whether its answer has arrived; a question alone has the words in the bar. */
  say(words) {
    const place = this.root.querySelector("[data-sheet-state]");
    if (place) place.textContent = words;
  }
}
