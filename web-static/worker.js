// Keeps the page itself, and nothing of what it shows, for when the gateway can't be reached: the page then says so. What is
// there from the gateway comes first, always. See js/session/shell.js.

/** As in js/session/shell.js. */
const cacheName = "msnp-gateway.shell";
/** The page's own files; calls of the API and all else go their way as if there were nobody here. */
const own = /^\/(?:$|index\.html$|favicon\.svg$|app\.webmanifest$|js\/|css\/|icons\/)/;
/** Seconds after which the page is tried again where nothing was kept of it. */
const patience = 2;

/** A page is made of a hundred files, which seldom change: to write them all each time takes longer than all else it does. */
async function keep(request, response) {
  try {
    const cache = await caches.open(cacheName);
    const tag = response.headers.get("ETag");
    const before = tag && await cache.match(request);
    if (before && before.headers.get("ETag") === tag) return;
    await cache.put(request, response);
  } catch { /* A browser without room shows what the gateway answers all the same, and what was kept before stays. */ }
}

async function kept(request) {
  try {
    const found = await caches.match(request, { cacheName, ignoreSearch: true });
    // Read here and not while it is shown: what can't be read to its end is as good as not kept.
    return found && new Response(await found.arrayBuffer(), { status: found.status, headers: found.headers });
  } catch {
    await forget(request);
    return undefined;
  }
}

/** What can't be read is kept anew with the next answer of the gateway. */
async function forget(request) {
  try {
    await (await caches.open(cacheName)).delete(request);
  } catch { /* The store itself is broken, and keeps nothing. */ }
}

/** For whoever would see the browser's own page, which stays until somebody loads it anew. */
function away() {
  const page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${patience}"><title>msnp-gateway</title>
<p>The gateway does not answer. Trying again …</p><p lang="de">Das Gateway antwortet nicht. Neuer Versuch …</p></html>`;
  return new Response(page, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"
    }
  });
}

async function answer(event) {
  const { request } = event;
  try {
    const response = await fetch(request);
    if (response.ok) event.waitUntil(keep(request, response.clone()));
    return response;
  } catch {
    return await kept(request) ?? (request.mode === "navigate" ? away() : Response.error());
  }
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method === "GET" && origin === self.location.origin && own.test(pathname)) {
    event.respondWith(answer(event));
  }
});
