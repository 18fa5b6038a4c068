// Says in words what allauth's key scripts otherwise write to the console only.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const message of document.querySelectorAll("[data-key-error]")) message.hidden = false;
});
