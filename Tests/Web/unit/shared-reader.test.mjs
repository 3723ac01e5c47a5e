// Several tabs read a session's events once between them: whichever of them polls, each gets every event, and gets it once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Unreachable } from "../../../web-static/js/api/problem.js";

/** Web Locks, of which one object is one browser's: whoever asks gets a turn. */
class Locks {
  #held = null;
  #queue = [];

  request(name, { signal, ifAvailable, steal } = {}, callback) {
    return new Promise((resolve, reject) => {
      const ask = { callback, resolve, reject, isStolen: false };
      const run = async () => {
        this.#held = ask;
        const result = await callback({ name });
        if (ask.isStolen) return;
        this.#held = null;
        resolve(result);
        this.#next();
      };
      ask.run = run;
      if (steal) {
        const { reject: lose } = this.#held ?? {};
        if (this.#held) this.#held.isStolen = true;
        lose?.(new DOMException("stolen", "AbortError"));
        run();
      } else if (this.#held && ifAvailable) {
        Promise.resolve(callback(null)).then(resolve, reject);
      } else {
        this.#queue.push(ask);
        signal?.addEventListener("abort", () => {
          const index = this.#queue.indexOf(ask);
          if (index < 0) return;
          this.#queue.splice(index, 1);
          reject(new DOMException("left", "AbortError"));
        });
        this.#next();
      }
    });
  }

  #next() {
    if (!this.#held) this.#queue.shift()?.run();
  }
}

/** A gateway with one session: polls wait until there is something. */
class Journal {
  events = [];
  polls = [];
  /** Tabs whose calls don't get here, and how many were made in vain. */
  away = new Set();
  inVain = 0;
  /** When those fail. */
  failing = new Promise(setImmediate);
  #waiting = new Set();

  say(text) {
    this.events.push({ seq: this.events.length + 1, text });
    for (const wake of [...this.#waiting]) wake();
  }

  /** The API as one tab has it. */
  of(tab) {
    return {
      events: async ({ after, wait }, signal) => {
        if (wait > 0) this.polls.push(tab);
        // What was begun without a network fails, whatever there is by then.
        if (this.away.has(tab)) {
          this.inVain += 1;
          await this.failing;
          throw new Unreachable();
        }
        while (wait > 0 && this.events.length <= Number(after) && !signal.aborted) {
          await new Promise(wake => {
            this.#waiting.add(wake);
            signal.addEventListener("abort", wake);
          });
        }
        // As a network would: nothing is answered in the same turn.
        await new Promise(setImmediate);
        signal.throwIfAborted();
        if (this.away.has(tab)) throw new Unreachable();
        return { events: this.events.slice(Number(after)), next: String(this.events.length), more: false };
      }
    };
  }
}

/** A tab's own window and document, which can be frozen. */
const window = new EventTarget();
const document = new EventTarget();
Object.defineProperty(globalThis, "navigator", { value: { locks: new Locks() }, configurable: true });
Object.assign(globalThis, { window, document });
const { SharedReader } = await import("../../../web-static/js/session/shared-reader.js");

const open = [];

function tab(journal, name, session, start = "0") {
  const heard = [];
  const told = [];
  const reader = new SharedReader(session, journal.of(name), {
    events: events => heard.push(...events.map(({ text }) => text)),
    away: () => told.push("away"), back: () => told.push("back"), ended: () => told.push("ended"),
    lost: () => told.push("lost"), signedOut: () => told.push("signedOut"), gap: () => { throw new Error("no gap"); }
  });
  reader.run(start);
  open.push(reader);
  return { reader, heard, told };
}

/** Until it is so; a test that waits for ever is ended by the runner. */
async function until(condition) {
  while (!condition()) await new Promise(setImmediate);
}

test("one of several tabs polls, and all of them hear everything once", { timeout: 60_000 }, async () => {
  const journal = new Journal();
  const first = tab(journal, "first", "s1");
  const second = tab(journal, "second", "s1");
  for (let number = 1; number <= 20; number += 1) {
    journal.say(`line ${number}`);
    // Some come one by one, some together.
    if (number % 3 === 0) await until(() => second.heard.length === number);
  }
  const all = journal.events.map(({ text }) => text);
  await until(() => first.heard.length === 20 && second.heard.length === 20);
  assert.deepEqual(first.heard, all);
  assert.deepEqual(second.heard, all);
  assert.deepEqual([...new Set(journal.polls)], ["first"]);
  first.reader.stop();
  journal.say("to the one that is left");
  await until(() => second.heard.length === 21);
  await until(() => journal.polls.at(-1) === "second");
  assert.deepEqual(second.heard, [...all, "to the one that is left"]);
  second.reader.stop();
});

test("a tab that comes later, from a place of its own, misses nothing and hears nothing twice", { timeout: 60_000 }, async () => {
  const journal = new Journal();
  for (let number = 1; number <= 5; number += 1) journal.say(`line ${number}`);
  const first = tab(journal, "first", "s2", "5");
  await until(() => journal.polls.length > 0);
  const second = tab(journal, "second", "s2", "3");
  journal.say("line 6");
  await until(() => first.heard.length === 1 && second.heard.length === 3);
  assert.deepEqual(first.heard, ["line 6"]);
  assert.deepEqual(second.heard, ["line 4", "line 5", "line 6"]);
  for (const { reader } of [first, second]) reader.stop();
});

test("a person who signs out in one tab is signed out in the others", { timeout: 60_000 }, async () => {
  const journal = new Journal();
  const first = tab(journal, "first", "s3");
  const second = tab(journal, "second", "s3");
  await until(() => journal.polls.length > 0);
  second.reader.leave();
  await until(() => first.told.includes("signedOut"));
  assert.deepEqual(first.told, ["signedOut"]);
  assert.deepEqual(second.told, []);
  journal.say("nobody is there");
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  assert.deepEqual([first.heard, second.heard], [[], []]);
});

test("without locks each tab reads for itself", { timeout: 60_000 }, async () => {
  const { locks } = navigator;
  navigator.locks = undefined;
  try {
    const journal = new Journal();
    const tabs = ["first", "second"].map(name => tab(journal, name, "s4"));
    journal.say("hello");
    await until(() => tabs.every(({ heard }) => heard.length === 1));
    for (const { reader } of tabs) reader.stop();
  } finally {
    navigator.locks = locks;
  }
});

/** With a clock that stands: nothing is tried again because time has passed. */
function stopped(context) { context.mock.timers.enable({ apis: ["setTimeout"] }); }

test("whoever is in a hurry while an attempt is under way gets another one", { timeout: 60_000 }, async context => {
  stopped(context);
  const journal = new Journal();
  const { reader, told, heard } = tab(journal, "first", "s5");
  await until(() => journal.polls.length > 0);
  journal.away.add("first");
  let fail;
  journal.failing = new Promise(resolve => { fail = resolve; });
  reader.doubt();
  await until(() => journal.inVain === 1);
  window.dispatchEvent(new Event("online"));
  journal.away.clear();
  fail();
  journal.say("hello");
  await until(() => heard.length === 1);
  assert.equal(told.at(-1), "back");
  reader.stop();
});

test("who waits for the gateway hears of it from a tab that has reached it", { timeout: 60_000 }, async context => {
  stopped(context);
  const journal = new Journal();
  const first = tab(journal, "first", "s6");
  const second = tab(journal, "second", "s6");
  await until(() => journal.polls.length > 0);
  // One of them polls, and the other looks for itself: each finds it out for both.
  for (const [index, { reader }] of [first, second].entries()) {
    journal.away.add("first").add("second");
    second.reader.doubt();
    await until(() => [first, second].every(({ told }) => told.at(-1) === "away"));
    await quiet(journal);
    journal.away.clear();
    reader.hurry();
    await until(() => [first, second].every(({ told }) => told.at(-1) === "back"));
    journal.say(`line ${index}`);
    await until(() => [first, second].every(({ heard }) => heard.length === index + 1));
  }
  for (const { reader } of [first, second]) reader.stop();
});

/** Until nobody tries any more. */
async function quiet(journal) {
  let before = -1;
  while (before !== journal.inVain) {
    before = journal.inVain;
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  }
}
