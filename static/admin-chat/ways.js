// Whoever begins to fill in what belongs to a way of answering has chosen that way.
for (const way of document.querySelectorAll("[data-way]")) {
  way.addEventListener("focusin", ({ target }) => {
    const button = way.querySelector("input[type=radio]");
    if (button && target !== button && !target.closest("label")) button.checked = true;
  });
}
