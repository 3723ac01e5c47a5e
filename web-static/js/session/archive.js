// What was said, kept in this browser for one account of one server, if its person has said so: a database for each, which is
// there only with that word, and gone with all that is in it once they want it forgotten. It holds messages and nothing else:
// no tokens, no passwords, no contacts.

import { done, finished, opened } from "../core/database.js";
import { wordsOf } from "../core/words.js";
import { fold } from "../state/contacts.js";

const version = 2;
/** Messages in one transaction: the page stays alive between two. */
const batch = 400;
/** So many messages are looked up one by one; what is said now comes so. */
const few = 8;
/** Messages that are looked up at once, at most. */
const mostKnown = 2 * batch;
/** What a search gives at most. */
export const mostFound = 200;
/** Records that a search looks at for one word, the newest first: a word of every message is no search. */
const mostOfWord = 5000;

const nameOf = ({ backend, account }) => `msnp-gateway.history ${backend} ${fold(account)}`;

/**
 * Messages stand in the gateway's order, by their `place`: the time and the number of the event that told of them, and their ID.
 * What an index has of one key is in that order too.
 */
function build(database, before, transaction) {
  const old = before > 0 ? transaction.objectStore("messages") : null;
  if (old) old.name = "messages before";
  const messages = database.createObjectStore("messages", { keyPath: "place" });
  messages.createIndex("id", "id", { unique: true });
  messages.createIndex("thread", ["thread", "place"]);
  messages.createIndex("words", "words", { multiEntry: true });
  if (old) move(database, old, messages);
  else database.createObjectStore("threads", { keyPath: "thread" });
}

/** Version 1 had no numbers of events; the gateway numbers the messages of a session too, at the end of their IDs. */
function move(database, old, messages) {
  old.openCursor().onsuccess = ({ target: { result: cursor } }) => {
    if (!cursor) {
      database.deleteObjectStore(old.name);
      return;
    }
    const { id, time } = cursor.value;
    messages.put({ ...cursor.value, place: [time, Number(/\d*$/.exec(id)[0]), id] });
    cursor.continue();
  };
}

/**
 * What is kept of a message: nothing of how it came to be shown. `known` is its place so far, if it has one: it stays where all
 * that is still heard is what became of the message. Without any it is after what else was said in that millisecond.
 */
function recordOf(message, thread, known) {
  const { id, own, from, displayName, text, format, contentType, time, delivery, reason, place, isOutcome } = message;
  const [at, seq] = (isOutcome ? known ?? place : place ?? known) ?? [time, Infinity];
  const words = [...wordsOf(text ?? "")];
  return {
    place: [at, seq, id], id, thread, own, from, displayName, text, format, contentType, time: at, delivery, reason, words
  };
}

/**
 * Puts messages into the store, each in its own place and in no other. Those that are there as they are stay: with each opening
 * of the page the journal tells again what it has told before.
 */
async function put(store, messages, thread) {
  const there = messages.length > few ? await knownOf(store, messages, thread) : new Map();
  for (const message of messages) {
    const before = there.get(message.id);
    const known = before?.place ?? await done(store.index("id").getKey(message.id));
    const record = recordOf(message, thread, known);
    if (before && JSON.stringify(before) === JSON.stringify(record)) continue;
    if (known && indexedDB.cmp(known, record.place) !== 0) store.delete(known);
    store.put(record);
  }
}

/** What the store has of a thread where most of these messages are, by ID. */
async function knownOf(store, messages, thread) {
  const [first] = messages.map(({ place, time }) => place ?? [time]).sort(indexedDB.cmp.bind(indexedDB));
  const range = IDBKeyRange.bound([thread, first], [thread, [[]]]);
  return new Map((await done(store.index("thread").getAll(range, mostKnown))).map(record => [record.id, record]));
}

/** Where a transaction is ended under way it is the transaction that says why. */
const unlessAborted = error => { if (error?.name !== "AbortError") throw error; };

/** Tells in events named `change` that it was opened, closed or forgotten, and in `full` that there is no more room. */
export class Archive extends EventTarget {
  #database = null;
  #session = null;
  /** Over which tabs tell each other that something is kept from now on. */
  #channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("msnp-gateway.history") : null;

  constructor() {
    super();
    this.#channel?.addEventListener("message", ({ data }) => {
      const session = this.#session;
      if (session && !this.isOpen && data === nameOf(session)) this.open(session);
    });
  }

  get isOpen() { return this.#database !== null; }

  /** Whether the browser has no room for more. */
  isFull = false;

  /** What is kept for this session's account, if anything is. */
  async open(session) { await this.#open(session, false); }

  /** From here on what this account's person says and hears is kept. */
  async keep() {
    await this.#open(this.#session, true);
    if (this.isOpen) this.#channel?.postMessage(nameOf(this.#session));
  }

  async #open(session, isWanted) {
    this.#shut();
    this.#session = session;
    let database = null;
    try { database = await opened(nameOf(session), version, build, isWanted); } catch { /* The browser keeps nothing for this page. */ }
    // Somebody else has signed in meanwhile.
    if (this.#session !== session) {
      database?.close();
      return;
    }
    this.#database = database;
    // Another tab forgets it.
    if (database) database.onversionchange = () => this.#shut();
    this.#tell();
  }

  /** Nobody is signed in any more; what is kept stays. */
  close() {
    this.#session = null;
    this.#shut();
  }

  /** Nobody is here any more. */
  dispose() {
    this.close();
    this.#channel?.close();
  }

  #shut() {
    this.isFull = false;
    if (!this.#database) return;
    this.#database.close();
    this.#database = null;
    this.#tell();
  }

  /** All of it is gone when this resolves, and nothing more is kept. */
  async forget() {
    const session = this.#session;
    if (!session) return;
    this.#shut();
    await done(indexedDB.deleteDatabase(nameOf(session)));
  }

  #tell() { this.dispatchEvent(new Event("change")); }

  #store(name, mode = "readonly") { return this.#database.transaction(name, mode).objectStore(name); }

  /** Takes in messages of a thread; those that are there already are renewed. */
  async add(thread, messages) {
    try {
      await this.#add(thread, messages);
      this.isFull = false;
    } catch (error) {
      if (error?.name !== "QuotaExceededError" || this.isFull) throw error;
      this.isFull = true;
      this.dispatchEvent(new Event("full"));
      throw error;
    }
  }

  async #add(thread, messages) {
    const { key, group, participants } = thread;
    // What was said last, whichever messages these are.
    const newest = thread.messages?.findLast(({ kind }) => kind === "text") ?? messages.at(-1);
    const { text, own, from, displayName, time: lastAt } = newest;
    const last = { text, own, from, displayName };
    for (let index = 0; index < messages.length && this.#database; index += batch) {
      const transaction = this.#database.transaction(["messages", "threads"], "readwrite");
      const store = transaction.objectStore("messages");
      const isFinished = finished(transaction);
      transaction.objectStore("threads").put({ thread: key, group, participants, lastAt, last });
      await Promise.all([isFinished, put(store, messages.slice(index, index + batch), key).catch(unlessAborted)]);
    }
  }

  /** The conversations of which something is kept, the newest first. */
  async threads() {
    if (!this.#database) return [];
    const all = await done(this.#store("threads").getAll());
    return all.sort((one, other) => other.lastAt.localeCompare(one.lastAt));
  }

  /** At most `limit` messages of a thread before another message of it, oldest first; the newest for none. */
  async before(thread, message, limit) {
    if (!this.#database) return [];
    // What has no place in the gateway's order came after all of that millisecond.
    const end = message ? message.place ?? [message.time, []] : [[]];
    const range = IDBKeyRange.bound([thread, []], [thread, end], false, true);
    return (await this.#collect(this.#store("messages").index("thread"), range, limit, () => true)).reverse();
  }

  /** All messages of a thread, oldest first. */
  async all(thread) {
    if (!this.#database) return [];
    return done(this.#store("messages").index("thread").getAll(IDBKeyRange.bound([thread, []], [thread, [[]]])));
  }

  /**
   * Messages with all of the words that `text` has, whole ones; from `from` (an account, `own` for what one has said oneself, or
   * empty), in `thread` (or empty), from the time `since` to `until` (or empty); the newest first.
   */
  async search({ text, from, thread, since, until }) {
    if (!this.#database) return [];
    const words = [...wordsOf(text)];
    const isFound = message => words.every(word => message.words.includes(word))
      && (!from || (from === "own" ? message.own : !message.own && fold(message.from ?? "") === fold(from)))
      && (!thread || message.thread === thread) && (!since || message.time >= since) && (!until || message.time < until);
    const store = this.#store("messages");
    if (words.length === 0) return this.#collect(store, null, mostFound, isFound);
    // The longest word is in the fewest messages.
    const [rarest] = words.toSorted((one, other) => other.length - one.length);
    return this.#collect(store.index("words"), IDBKeyRange.only(rarest), mostFound, isFound, mostOfWord);
  }

  /** What the store or an index of it has in a range, the newest first; of so many at `most`. */
  #collect(source, range, limit, isWanted, most = Infinity) {
    return new Promise((resolve, reject) => {
      const found = [];
      let left = most;
      const request = source.openCursor(range, "prev");
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const cursor = request.result;
        if (cursor && isWanted(cursor.value)) found.push(cursor.value);
        left -= 1;
        if (!cursor || found.length >= limit || left <= 0) resolve(found);
        else cursor.continue();
      };
    });
  }
}
