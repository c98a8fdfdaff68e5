/** Notifications by a service worker, where the browser takes none from a page. */

const workers = navigator.serviceWorker;

workers?.addEventListener('message', ({ data }) => (location.hash = encodeURIComponent(data.peer)));

/** Its worker stands beside the page, and is for pages below it alone. */
export async function notify(title, options, peer) {
  if (!workers) return;
  await workers.register(new URL('notifier.js', location.href));
  const { active } = await workers.ready;
  const url = new URL(`#${encodeURIComponent(peer)}`, location.href);
  active.postMessage({ title, options, peer, url: url.href });
}
