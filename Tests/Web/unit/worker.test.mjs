// The worker that keeps the page answers with something that can be shown, whatever the gateway and the browser's store do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";

const source = readFileSync(new URL("../../../web-static/worker.js", import.meta.url), "utf8");
const origin = "http://127.0.0.1:8080";
const gone = async () => { throw new TypeError("Failed to fetch"); };

/** A worker with that network and that store; `ask` has it answer, or is undefined for what it leaves alone. */
function worker({ fetch, put = async () => {}, match = async () => undefined, remove = async () => true }) {
  const listeners = {};
  const own = {
    URL, Response, fetch, caches: { open: async () => ({ put, match, delete: remove }), match },
    self: { location: { origin }, skipWaiting() {}, addEventListener: (name, listener) => { listeners[name] = listener; } }
  };
  runInContext(source, createContext(own));
  const extended = [];
  return {
    ask(path, { mode = "navigate", method = "GET" } = {}) {
      let answer;
      listeners.fetch({
        request: { url: new URL(path, origin).href, mode, method },
        respondWith: promise => { answer = promise; }, waitUntil: promise => extended.push(promise)
      });
      return answer;
    },
    settled: () => Promise.all(extended)
  };
}

test("what the gateway answers is shown, though the browser has no room to keep it", async () => {
  const full = worker({ fetch: async () => new Response("page"), put: async () => { throw new Error("QuotaExceededError"); } });
  assert.equal(await (await full.ask("/")).text(), "page");
  await full.settled();
});

test("what the gateway answers is kept whole, beside being shown", async () => {
  const put = [];
  const well = worker({
    fetch: async () => new Response("page"), put: async (request, response) => put.push([request.url, await response.text()])
  });
  assert.equal(await (await well.ask("/")).text(), "page");
  await well.settled();
  assert.deepEqual(put, [[`${origin}/`, "page"]]);
});

test("what is kept as it is is not written anew, and what has changed is", async () => {
  const tagged = (text, tag) => new Response(text, { headers: { ETag: tag } });
  for (const [tag, written] of [['"1"', []], ['"2"', ["new"]]]) {
    const put = [];
    const well = worker({
      fetch: async () => tagged("new", tag), match: async () => tagged("old", '"1"'),
      put: async (_, response) => put.push(await response.text())
    });
    assert.equal(await (await well.ask("/js/main.js", { mode: "cors" })).text(), "new");
    await well.settled();
    assert.deepEqual(put, written);
  }
});

test("what was kept and can't be read makes room for what the gateway answers next", async () => {
  const removed = [];
  const answer = await worker({
    fetch: gone, match: async () => new Response(new ReadableStream({ pull(controller) { controller.error(new Error("UnknownError")); } })),
    remove: async request => removed.push(request.url)
  }).ask("/");
  assert.equal(answer.status, 503);
  assert.deepEqual(removed, [`${origin}/`]);
});

test("an error of the gateway is shown and not kept", async () => {
  const put = [];
  const failing = worker({ fetch: async () => new Response("no", { status: 503 }), put: async request => put.push(request) });
  assert.equal((await failing.ask("/")).status, 503);
  await failing.settled();
  assert.deepEqual(put, []);
});

test("with the gateway away what was kept is shown, with its header fields", async () => {
  const headers = { "Content-Type": "text/html", "Content-Security-Policy": "script-src 'self'" };
  const answer = await worker({ fetch: gone, match: async () => new Response("kept", { headers }) }).ask("/");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("Content-Security-Policy"), "script-src 'self'");
  assert.equal(await answer.text(), "kept");
});

const unreadable = new ReadableStream({ pull(controller) { controller.error(new Error("UnknownError")); } });
for (const [name, match] of [
  ["that was not kept", async () => undefined],
  ["whose store fails", async () => { throw new Error("UnknownError"); }],
  ["that can't be read", async () => new Response(unreadable)]
]) {
  test(`with the gateway away a page ${name} says so, and tries again by itself`, async () => {
    const answer = await worker({ fetch: gone, match }).ask("/");
    assert.equal(answer.status, 503);
    const text = await answer.text();
    assert.match(text, /The gateway does not answer/);
    assert.match(text, /http-equiv="refresh"/);
    assert.doesNotMatch(text, /<script/);
  });
}

test("with the gateway away a file of the page that was not kept fails as it would without a worker", async () => {
  assert.equal((await worker({ fetch: gone }).ask("/js/main.js", { mode: "cors" })).type, "error");
});

test("calls of the API, the reference and what changes something are left alone", () => {
  const idle = worker({ fetch: gone });
  assert.equal(idle.ask("/v1/sessions"), undefined);
  assert.equal(idle.ask("/docs"), undefined);
  assert.equal(idle.ask("/", { method: "POST" }), undefined);
});
