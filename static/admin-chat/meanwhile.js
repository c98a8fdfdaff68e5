// Where somebody else has changed the same, a button puts theirs into the box.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".take-theirs");
  if (!button) return;
  let around = button.parentElement;
  while (!around.querySelector("input, textarea")) around = around.parentElement;
  const box = around.querySelector("input, textarea");
  box.value = button.previousElementSibling.textContent;
  box.focus();
});
