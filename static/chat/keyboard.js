/** Where the keyboard lies over the page instead of making it smaller, as on iPhones, the page fills what is left of it. */

const seen = window.visualViewport;

function fit() {
  const covered = Math.round(seen.scale * 100) === 100 && seen.height < window.innerHeight - 1;
  if (covered) {
    document.documentElement.style.setProperty('--seen', `${seen.height}px`);
    window.scrollTo(0, 0); // The browser has moved the page up to show the box, which is in sight now.
  } else {
    document.documentElement.style.removeProperty('--seen');
  }
}

export const yieldToKeyboard = () => seen?.addEventListener('resize', fit);
