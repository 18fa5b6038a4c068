// Makes a field for one file a place to drop it on. What is dropped is sent at once; chosen with the keyboard it works as before.
import { announce } from "./site.js";

const MEGABYTE = 1024 * 1024;

function madeArea(input) {
  const area = document.createElement("div");
  area.className = "drop";
  const words = document.createElement("p");
  words.className = "drop__words";
  words.textContent = "Drop the file here, or choose it:";
  input.replaceWith(area);
  area.append(words, input);
  return { area, words };
}

for (const input of document.querySelectorAll("input[type=file][data-drop]")) {
  const largest = Number(input.dataset.drop);
  const { area, words } = madeArea(input);
  const form = input.form;
  const button = form.querySelector("button[type=submit]");
  let depth = 0;

  const refusal = () => {
    const [file] = input.files;
    if (!file || file.size <= largest) return "";
    return `${file.name} is larger than any certificate of ours, which are under ${largest / MEGABYTE} MB. Choose another file.`;
  };
  const tell = (sentence, isRefusal = true) => {
    if (words.textContent === sentence) return;
    words.textContent = sentence;
    words.classList.toggle("is-refused", isRefusal);
    announce(sentence);
  };
  const over = (yes) => area.classList.toggle("is-over", yes);

  input.addEventListener("change", () => {
    const sentence = refusal();
    tell(sentence || "Drop the file here, or choose it:", Boolean(sentence));
  });
  // A file that is too large is not sent at all: the answer would be the same, after a long wait.
  form.addEventListener("submit", (event) => {
    const sentence = refusal();
    if (!sentence) return;
    event.preventDefault();
    tell(sentence);
    input.focus();
  });
  area.addEventListener("dragenter", () => over(++depth > 0));
  area.addEventListener("dragleave", () => over(--depth > 0));
  area.addEventListener("drop", (event) => {
    depth = 0;
    over(false);
    const dropped = event.dataTransfer.files;
    if (dropped.length !== 1) {
      tell("Drop one file at a time.");
      return;
    }
    input.files = dropped;
    tell(`Checking ${dropped[0].name}`, false);
    form.requestSubmit(button);
  });
}

// A file that misses the area would otherwise be opened in place of the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
