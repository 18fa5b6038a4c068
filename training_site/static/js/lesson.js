// A lesson works as a plain form. This saves the reader a page load for a check, keeps notes when they leave the field, and remembers the place.
import "./places.js";
import { announce } from "./site.js";

const form = document.querySelector("[data-lesson]");

/** Post the whole form as if a button with this value had been pressed. */
async function post(action) {
  const fields = new FormData(form);
  fields.set("do", action);
  return fetch(form.action, { method: "POST", body: fields, credentials: "same-origin" });
}

/** Put what the server made of one section in its place. */
async function refresh(section, response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(section.id);
  if (!fresh) {
    throw new Error("The answer is another page.");
  }
  section.replaceWith(document.adoptNode(fresh));
  return fresh;
}

async function check(section) {
  const response = await post(`check:${section.id}`);
  const fresh = await refresh(section, response);
  const said = fresh.querySelector(".feedback") ?? fresh.querySelector(".govuk-error-message:not([hidden])");
  if (said) {
    announce(said.textContent.trim());
  }
  const target = fresh.querySelector(".check__note a") ?? fresh.querySelector("input, select, textarea");
  if (target) {
    target.focus({ preventScroll: true });
  }
}

async function tryAgain(section, address) {
  await refresh(section, await fetch(address, { credentials: "same-origin" }));
}

async function keep(section) {
  const response = await post(`reflect:${section.id}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const kept = page.querySelector(`#${CSS.escape(section.id)} [data-kept]`);
  if (!response.ok || !kept) {
    throw new Error("Not kept.");
  }
  section.querySelector("[data-kept]").textContent = kept.textContent;
}

if (form) {
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[value^='check:']");
    const again = event.target.closest(".check__note a");
    const section = event.target.closest("[data-check]");
    if (!section || !(button || again)) {
      return;
    }
    event.preventDefault();
    try {
      await (button ? check(section) : tryAgain(section, again.href));
    } catch {
      if (button) {
        form.requestSubmit(button);
      } else {
        window.location.assign(again.href);
      }
    }
  });

  form.addEventListener("change", async (event) => {
    const section = event.target.closest("[data-reflection]");
    if (!section) {
      return;
    }
    try {
      await keep(section);
    } catch {
      section.querySelector("[data-kept]").textContent = "Not kept yet. It goes with the next button you press.";
      announce("Your note is not kept yet.");
    }
  });

  const saved = form.querySelector("[data-place-saved]");
  if (saved && saved.hidden) {
    const place = new FormData();
    place.set("do", "place");
    place.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    fetch(form.action, { method: "POST", body: place, credentials: "same-origin" })
      .then((response) => {
        saved.hidden = response.status !== 204;
      })
      .catch(() => {});
  }
}
