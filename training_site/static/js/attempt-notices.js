// Notices over an attempt's question, and counted words.
export const plural = (count, one, many) => (count === 1 ? one : many.replace("#", count));

/** Fill a copy of the page's own notice and show it in place of the one before. */
export function showNotice(kind, lead, rest) {
  const place = document.querySelector("[data-notices]");
  const template = document.querySelector(`template[data-notice="${kind}"]`);
  if (!place || !template) return;
  place.querySelectorAll(`[data-shown="${kind}"]`).forEach((shown) => shown.remove());
  if (!lead) return;
  const holder = document.createElement("div");
  holder.dataset.shown = kind;
  holder.append(template.content.cloneNode(true));
  holder.querySelector("[data-lead]").textContent = lead;
  holder.querySelector("[data-rest]").textContent = rest;
  place.append(holder);
}
