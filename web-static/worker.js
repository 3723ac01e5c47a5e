// Keeps the page itself, and nothing of what it shows, for when the gateway can't be reached: the page then says so. What is
// there from the gateway comes first, always. See js/session/shell.js.

/** As in js/session/shell.js. */
const cacheName = "msnp-gateway.shell";
/** The page's own files; calls of the API and all else go their way as if there were nobody here. */
const own = /^\/(?:$|index\.html$|favicon\.svg$|app\.webmanifest$|js\/|css\/|icons\/)/;

async function fresh(request) {
  try {
    const response = await fetch(request);
    if (response.ok) {
      const copy = response.clone();
      const cache = await caches.open(cacheName);
      await cache.put(request, copy);
    }
    return response;
  } catch (error) {
    const kept = await caches.match(request, { cacheName, ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method === "GET" && origin === self.location.origin && own.test(pathname)) {
    event.respondWith(fresh(request));
  }
});
