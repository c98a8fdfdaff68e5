// Whoever keeps a note beside a conversation comes back to where they were reading.

const place = `talk ${location.pathname}${location.search}`;
const box = document.querySelector(".talk-box");

document.querySelector(".talk-notes form")?.addEventListener("submit", () => {
  sessionStorage.setItem(place, JSON.stringify([scrollY, box?.scrollTop ?? 0]));
});

const kept = JSON.parse(sessionStorage.getItem(place));
sessionStorage.removeItem(place);
if (kept) {
  const [page, lines] = kept;
  addEventListener("load", () => {
    scrollTo(0, page);
    box?.scrollTo(0, lines);
  });
}
