// What is read when a session begins, where it is left meanwhile: `node --test Tests/Web/unit`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Unreachable } from "../../../web-static/js/api/problem.js";
import { Recall } from "../../../web-static/js/session/recall.js";
import { initialState, reduce } from "../../../web-static/js/state/reducer.js";
import { Store } from "../../../web-static/js/state/store.js";
import { conversation, event, received, snapshot, texts } from "./session.mjs";

/** A session whose answers are given by the test, and a recall of it. */
function asked() {
  const waiting = {};
  const answerLater = name => () => new Promise((resolve, reject) => { waiting[name] = { resolve, reject }; });
  const stage = {
    api: { snapshot: answerLater("snapshot"), events: answerLater("events") }, waiting, store: new Store(reduce, initialState),
    known: 0
  };
  const marks = { hidden: [], note() {}, upTo: () => 0, isNewsRead: () => false };
  stage.recall = new Recall({
    store: stage.store, marks, api: () => stage.api, pause: () => Promise.reject(new Error("nobody waits")), isNews: () => true
  });
  stage.store.dispatch({ type: "opening" });
  stage.isRead = stage.recall.read(undefined, () => { stage.known += 1; });
  return stage;
}

/** All that was promised and can be kept by now is kept. */
const settled = () => new Promise(resolve => setImmediate(resolve));

/** It is left, and another one is begun and live in its place. */
function leave(stage) {
  stage.api = {};
  stage.store.dispatch({ type: "signedOut" }, { type: "opening" }, { type: "opened", snapshot: snapshot() });
  return stage.store.state;
}

test("a snapshot that comes when the session is left is shown to nobody, and nothing is kept of it", async () => {
  const stage = asked();
  const state = leave(stage);
  stage.waiting.snapshot.resolve(snapshot({ session: { ...snapshot().session, account: "zoe@example.com" } }));
  await stage.isRead;
  assert.equal(stage.known, 0);
  assert.equal(stage.store.state, state);
});

test("a journal that comes, or fails, when the session is left says nothing of the next one", async () => {
  for (const answer of [
    ({ resolve }) => resolve({ events: [], more: false, next: "e.1" }), ({ reject }) => reject(new Unreachable("gone"))
  ]) {
    const stage = asked();
    stage.waiting.snapshot.resolve(snapshot());
    await settled();
    assert.equal(stage.known, 1);
    const state = leave(stage);
    answer(stage.waiting.events);
    await stage.isRead;
    assert.equal(stage.store.state, state);
  }
});

test("whoever gives up a sign-in while it is made known is not signed in", async () => {
  const stage = asked();
  stage.waiting.snapshot.resolve(snapshot());
  await settled();
  const aborted = new AbortController();
  const isRead = stage.recall.read(aborted.signal, () => aborted.abort());
  stage.waiting.snapshot.resolve(snapshot());
  await assert.rejects(isRead, { name: "AbortError" });
});

test("of two readings of one session the later one counts: nothing is missing, and what was missed is said once", async () => {
  const stage = asked();
  stage.waiting.snapshot.resolve(snapshot());
  await settled();
  stage.waiting.events.resolve({ events: [], more: false, next: "e.0" });
  await stage.isRead;
  const told = [event("conversation.opened", { conversation: conversation("c1", "bob") }), received("c1", "bob", "one"),
    received("c1", "bob", "two")];
  const [first, second] = [{ events: told.slice(0, 2), more: true, next: "e.2" }, { events: told.slice(2), more: false, next: "e.3" }];
  let isRead = false;
  const early = stage.recall.bridge({ missed: null });
  const earlySnapshot = stage.waiting.snapshot;
  earlySnapshot.resolve(snapshot());
  await settled();
  const earlyPage = stage.waiting.events;
  const late = stage.recall.bridge({ missed: null });
  stage.recall.whenBuilt().then(() => { isRead = true; });
  earlyPage.resolve(first);
  await early;
  assert.deepEqual([isRead, stage.recall.isRebuilding], [false, true]);
  stage.waiting.snapshot.resolve(snapshot());
  await settled();
  stage.waiting.events.resolve(first);
  await settled();
  stage.waiting.events.resolve(second);
  await late;
  await settled();
  assert.deepEqual([isRead, stage.recall.isRebuilding], [true, false]);
  assert.deepEqual(texts(stage.store.state, "p:bob@example.com"), ["one", "two", "(missed)"]);
});
