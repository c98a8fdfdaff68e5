// Rows of a table that are dragged exchange the positions that they have: the table may be one page of many, whose rows
// the theme would count from zero on each.

const positions = (table) => [...table.querySelectorAll(".form-group.original input[name$='-position']")];
let before = [];

document.addEventListener("start", (event) => {
  if (event.target.dataset.orderingField === "position") before = positions(event.target).map((input) => Number(input.value));
});

document.addEventListener("end", (event) => {
  if (event.target.dataset.orderingField !== "position") return;
  const places = before.sort((one, other) => one - other);
  // The theme counts once this event has been told.
  setTimeout(() => {
    positions(event.target).forEach((input, at) => {
      if (at > 0 && places[at] <= places[at - 1]) places[at] = places[at - 1] + 1;
      input.value = places[at];
    });
  });
});
