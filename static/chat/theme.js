// Before the page is drawn, so that it does not flash in the other colours.
(function () {
  try {
    const chosen = localStorage.getItem('chat.theme');
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is refused: the colours are the system's.
  }
})();
