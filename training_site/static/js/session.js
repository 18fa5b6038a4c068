// Two minutes before a session ends this says so, with one button that begins it anew; after the end it says what becomes of what was
// typed. It works on the site's pages and in the admin, and needs nothing but the template that carries the end.

const WARNING = 120000; // milliseconds before the end
const template = document.querySelector("template[data-session]");

/** The notice is made when it is first needed, and taken out when it is not. */
class Notice {
  constructor() {
    this.element = null;
    this.cameFrom = null;
  }

  show(state, clock, whenPressed) {
    if (!this.element) {
      this.element = template.content.firstElementChild.cloneNode(true);
      this.element.querySelector("form").addEventListener("submit", whenPressed);
      this.element.addEventListener("focusin", (event) => (this.cameFrom ??= event.relatedTarget));
      document.body.append(this.element);
    }
    if (this.element.dataset.state === state) return;
    this.element.dataset.state = state;
    for (const part of this.element.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes(state);
    }
    for (const place of this.element.querySelectorAll("[data-clock]")) place.textContent = clock;
    say(this.element.querySelector("p:not([hidden])").textContent);
  }

  hide() {
    if (!this.element) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.element.remove();
    this.element = null;
    if (hadFocus) (this.cameFrom ?? document.getElementById("main"))?.focus();
    this.cameFrom = null;
  }
}

/** Tell a screen reader, politely. */
function say(words) {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = words.replace(/\s+/g, " ").trim()), 50);
}

if (template) {
  const notice = new Notice();
  // Another tab that begins the session anew, or opens a page later, knows a later end.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  let end = 0;
  let clock = "";
  let timer = 0;

  const look = () => {
    clearTimeout(timer);
    const left = end - Date.now();
    if (left <= 0) {
      notice.show("ended", clock, stay);
    } else if (left <= WARNING) {
      notice.show("ending", clock, stay);
      timer = setTimeout(look, left);
    } else {
      notice.hide();
      timer = setTimeout(look, left - WARNING);
    }
  };

  const begin = (newEnd, newClock) => {
    end = newEnd;
    clock = newClock;
    look();
  };

  async function stay(event) {
    event.preventDefault();
    const form = event.target;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        redirect: "manual",
      });
      if (answer.ok) {
        const said = await answer.json();
        begin(Date.now() + said.seconds * 1000, said.clock);
        tabs?.postMessage({ end, clock });
        say(said.words);
      } else if (answer.type === "opaqueredirect") {
        notice.show("ended", clock, stay);
      } else {
        notice.show("lost", clock, stay);
      }
    } catch {
      notice.show("lost", clock, stay);
    }
  }

  tabs?.addEventListener("message", ({ data }) => {
    if (data.end > end + 1000) begin(data.end, data.clock);
  });
  // A computer that slept, and a page that comes back from the browser's memory.
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);

  begin(Date.now() + Number(template.dataset.session) * 1000, template.dataset.clock);
  tabs?.postMessage({ end, clock });
}
