// The time of an attempt: when it ends, and how much is left for those who ask.
import { plural, showNotice } from "./attempt-notices.js";
import { announce } from "./site.js";

const MINUTE = 60000;

/** The clock time of the end always; the time left only for those who ask; four announcements. */
export class Clock {
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
