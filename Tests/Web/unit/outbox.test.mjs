// Messages on their way out, and what becomes of those that can't go: `node --test Tests/Web/unit`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../../web-static/js/api/problem.js";
import { Outbox } from "../../../web-static/js/session/outbox.js";
import { initialState, reduce } from "../../../web-static/js/state/reducer.js";
import { Store } from "../../../web-static/js/state/store.js";
import { conversation, event, opened } from "./session.mjs";

/** What was written, without a browser that keeps it. */
class Drafts {
  all = new Map();
  texts = new Map();
  get held() { return [...this.all]; }
  hold(clientRef, entry) { this.all.set(clientRef, entry); }
  release(clientRef) { this.all.delete(clientRef); }
  add(key, text) { this.texts.set(key, text); }
}

const settled = () => new Promise(resolve => setImmediate(resolve));
const away = () => new Problem(503, { title: "Service Unavailable", status: 503, code: "reconnecting" }, 3600);

/** Somebody who is in a group that everybody has left; `answers` are those of what they send. */
function stage(...answers) {
  const store = new Store(reduce, initialState);
  const drafts = new Drafts();
  const sent = [];
  const api = {
    openConversation: async () => conversation("c2", "bob", "carol"),
    sendTo: (to, body) => api.sendIn(to, body),
    sendIn: async (id, body) => {
      sent.push([id, body.text]);
      const answer = answers.shift();
      if (answer) throw answer;
      return { message: { id: `m.${sent.length}`, conversationId: id, delivery: "delivered" } };
    }
  };
  const outbox = new Outbox(store, drafts, () => api, () => {});
  store.dispatch({ type: "opening" }, opened(), {
    type: "events", now: 0, isNews: () => true, events: [
      event("conversation.opened", { conversation: conversation("c1", "bob", "carol") }),
      event("conversation.closed", { conversation: conversation("c1", "bob", "carol"), reason: "idle" })
    ]
  });
  return { store, drafts, sent, outbox };
}

const shown = (store, key) =>
  store.state.threads.get(key).messages.filter(({ own }) => own).map(({ text, delivery }) => [text, delivery]);

test("what waits for a group that had to be opened anew goes out there once, before what was written after it", async t => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, drafts, sent, outbox } = stage(away());
  outbox.send("c:c1", "first");
  outbox.send("c:c1", "second");
  await settled();
  assert.deepEqual(sent, [["c2", "first"]]);
  assert.deepEqual(shown(store, "c:c2"), [["first", "waiting"], ["second", "waiting"]]);
  assert.deepEqual(shown(store, "c:c1"), []);
  assert.deepEqual([...drafts.all.values()].map(({ key }) => key), ["c:c2", "c:c2"]);
  outbox.sendWaiting();
  await settled();
  assert.deepEqual(sent, [["c2", "first"], ["c2", "first"], ["c2", "second"]]);
  assert.deepEqual(shown(store, "c:c2"), [["first", "delivered"], ["second", "delivered"]]);
  assert.equal(drafts.all.size, 0);
});

test("what waits where nothing is known any more is not taken for sent: it can be read among the news", async t => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { store, drafts, outbox } = stage(away());
  outbox.send("c:c1", "first");
  await settled();
  store.dispatch({ type: "forgotten" });
  outbox.sendWaiting();
  assert.deepEqual(store.state.news.map(({ kind, data }) => [kind, data.text]), [["unsent", "first"]]);
  assert.equal(drafts.all.size, 1);
});

test("an answer that comes when the session is left changes nothing in the next one", async () => {
  const { store, sent, outbox } = stage();
  store.dispatch({ type: "thread.person", account: "bob@example.com", displayName: "Bob" });
  const isSent = outbox.send("p:bob@example.com", "first");
  let state = null;
  while (state === null) {
    await Promise.resolve();
    if (sent.length === 0) continue;
    outbox.clear();
    store.dispatch({ type: "signedOut" }, { type: "opening" }, opened(),
      { type: "thread.person", account: "bob@example.com", displayName: "Bob" });
    ({ state } = store);
  }
  await isSent;
  assert.equal(store.state, state);
});
