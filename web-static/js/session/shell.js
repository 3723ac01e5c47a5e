// Makes the page one that opens while its gateway is away, and says so then: its own files are kept by worker.js.

/** As in worker.js. */
const cacheName = "msnp-gateway.shell";
const own = /^\/(?:js|css|icons|favicon)/;

/** What this page was made of when it was loaded. */
function ownFiles() {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  return addresses.filter(({ origin, pathname }) => origin === location.origin && own.test(pathname)).map(({ href }) => href);
}

/** Workers need https or loopback. */
const canKeep = () => window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

export async function keepShell() {
  if (!canKeep()) return;
  try {
    await navigator.serviceWorker.register("/worker.js");
    const cache = await caches.open(cacheName);
    const files = ["/", "/app.webmanifest", ...ownFiles()];
    // What was there before is renewed by the worker as it is used.
    const kept = new Set((await cache.keys()).map(({ url }) => url));
    await cache.addAll([...new Set(files)].filter(file => !kept.has(new URL(file, location).href)));
  } catch { /* Then the page needs its gateway, as without a worker. */ }
}
