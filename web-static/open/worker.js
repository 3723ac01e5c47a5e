// Answers for one address below /open/, once, with the page that was handed over. See js/session/form-relay.js.

const pages = new Map();
/** A page that nobody fetched is forgotten after so many milliseconds. */
const patience = 30_000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("message", ({ data, ports }) => {
  pages.set(data.address, data);
  setTimeout(() => pages.delete(data.address), patience);
  ports[0].postMessage("taken");
});

self.addEventListener("fetch", event => {
  const { pathname } = new URL(event.request.url);
  const page = pages.get(pathname);
  if (!page) return;
  pages.delete(pathname);
  event.respondWith(new Response(page.body, {
    headers: {
      "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.policy ?? "default-src 'none'",
      "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"
    }
  }));
});
