/**
 * A service worker that shows notifications where pages may not, as on Android, and opens what was tapped. It keeps no files, and no
 * request passes through it.
 */

const { clients, registration } = self;

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('message', (event) => {
  const { title, options, peer, url } = event.data;
  event.waitUntil(registration.showNotification(title, { ...options, data: { peer, url, page: event.source.id } }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

/** The page that heard of it, or a new one like it. */
async function open({ peer, url, page }) {
  const there = await clients.get(page);
  if (!there) return clients.openWindow(url);
  there.postMessage({ peer });
  return there.focus();
}
