// What an attempt keeps in this browser: answers that have not arrived, and this tab's name and count of saves.
const keyOf = (attempt) => `attempt:${attempt}`;

/** The answers of an attempt that have not reached the server, by question. */
export class Kept {
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
export class Tab {
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

export function forget(attempt) {
  try {
    localStorage.removeItem(keyOf(attempt));
    sessionStorage.removeItem(`attempt-tab:${attempt}`);
  } catch {
    // Nothing was kept.
  }
}
