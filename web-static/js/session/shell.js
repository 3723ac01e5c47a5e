// Makes the page one that opens while its gateway is away, and says so then: its own files are kept by worker.js.

/** As in worker.js. */
const cacheName = "msnp-gateway.shell";
const isOwn = ({ name }) => new URL(name).origin === location.origin && /^\/(?:js|css|icons|favicon)/.test(new URL(name).pathname);

/** Workers need https or loopback. */
const canKeep = () => window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

export async function keepShell() {
  if (!canKeep()) return;
  try {
    await navigator.serviceWorker.register("/worker.js");
    const cache = await caches.open(cacheName);
    const files = ["/", "/app.webmanifest", ...performance.getEntriesByType("resource").filter(isOwn).map(({ name }) => name)];
    // What was there before is renewed by the worker as it is used.
    const missing = await Promise.all([...new Set(files)].map(async file => ((await cache.match(file)) ? [] : [file])));
    await cache.addAll(missing.flat());
  } catch { /* Then the page needs its gateway, as without a worker. */ }
}
