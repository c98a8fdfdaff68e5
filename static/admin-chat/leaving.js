// Whoever leaves a page of the admin with changes that are not saved is asked first. What the form holds is compared:
// rows that were dragged count, and what was typed and taken back does not.
const form = document.querySelector("#content-main > form[method='post']");

if (form) {
  const held = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  // What came back with errors is not saved yet.
  const saved = document.querySelector(".errornote") ? "" : held();
  let sent = false;
  form.addEventListener("submit", () => {
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
  addEventListener("beforeunload", (event) => {
    if (!sent && held() !== saved) event.preventDefault();
  });
}
