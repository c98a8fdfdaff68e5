// A form with `data-once` is sent once, however often its button is clicked.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });
  // Whoever comes back to the page may send it again.
  addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
}
