// Sends the answers of an attempt, one at a time and oldest first, until all have arrived; says so, or says what to do.
import { Kept, Tab } from "./attempt-kept.js";
import { plural, showNotice } from "./attempt-notices.js";
import { announce } from "./site.js";

const EVERY = 5000; // milliseconds between tries
const PATIENCE = 10000; // a request that takes longer counts as lost
const SLOW = 1000; // 'saving' shows only after this
const MINUTE = 60000;

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

/** Sends what is kept, one save at a time, oldest first, until all has arrived. */
export class Saver {
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

  /** Answers left by a page that is gone are sent by this one, unless another device has answered the same question since.
   *
   * The page says in which turn each question was last saved. That a later turn has begun is not enough: it may be our own, begun by a
   * page that was gone before it heard so.
   */
  adopt() {
    const savedIn = (this.form.dataset.turns ?? "").split(",").map(Number);
    for (const [position, entry] of Object.entries(this.kept.memory)) {
      const isOurs = entry.device === this.tab.device && entry.turn === this.turn;
      if (isOurs) this.tab.sequence = Math.max(this.tab.sequence, entry.sequence);
      else if ((savedIn[position - 1] ?? 0) > entry.turn) delete this.kept.memory[position];
      else entry.isLoose = true;
    }
    this.kept.write();
  }

  save(position, response, flagged) {
    const entry = { response, flagged, device: this.tab.device, turn: this.turn, sequence: this.tab.next() };
    this.kept.put(position, entry);
    return this.flush();
  }

  /** Say which question a forward-only test is at now, after what was answered before it. */
  goOn(position) {
    this.kept.put(position, { device: this.tab.device, turn: this.turn, sequence: this.tab.next() });
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
    this.hooks.ends?.(body.end, body.endsAt);
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
      this.hooks.ends?.(body.end, body.endsAt);
      this.kept.arrived(position, entry.sequence);
      this.hooks.arrived?.(Number(position), body.saved);
      if (!this.kept.size) this.recovered(body.saved);
      return true;
    }
    if (status === 400 || status === 413) {
      // The server cannot take this as an answer: sending it again would not help, the person can.
      this.kept.arrived(position, entry.sequence);
      this.hooks.badAnswer(Number(position), body.message ?? "This answer is too long to save. Shorten it.");
      return true;
    }
    if (status === 409 && (body.refused === "final" || body.refused === "passed")) {
      this.kept.arrived(position, entry.sequence);
      if (body.refused === "passed") this.hooks.passed?.();
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
