// Messages on their way out: shown at once, sent once, and told what became of them.

import { Problem, Unreachable } from "../api/problem.js";
import { uniqueName } from "../core/random.js";
import { keyOf } from "../state/threads.js";

/** A typing notice more often than that is refused by some servers and of no use to anybody. */
const typingInterval = 5000;
/** Milliseconds until a message that the gateway could not take now is tried again, where it does not say when. */
const usualPause = 2000;
/** However late it says: whoever waits can see that it is tried. */
const longestPause = 30_000;
/** The most that the API takes, in bytes of UTF-8. */
export const longestText = 64 * 1024;

export class Outbox {
  #store;
  #api;
  #drafts;
  #doubt;
  #isOver = false;
  /** Counts the sessions: a call that was begun in an earlier one is of no more consequence here. */
  #life = 0;
  #typed = new Map();
  /** Of each thread, the last call that was begun. */
  #tails = new Map();
  /** By `clientRef`: what could not be handed over yet. */
  #waiting = new Map();

  /**
   * `api()` is the session's, `drafts` keep what has not gone out, and `doubt()` is called when the gateway did not answer,
   * or no longer knows the session.
   */
  constructor(store, drafts, api, doubt) {
    this.#store = store;
    this.#drafts = drafts;
    this.#api = api;
    this.#doubt = doubt;
  }

  send(key, text, format) {
    const clientRef = uniqueName();
    const message = { clientRef, text, format, time: new Date().toISOString() };
    this.#store.dispatch({ type: "thread.draft", key, message });
    this.#typed.delete(key);
    const to = this.#store.state.threads.get(key)?.participants.map(person => person.displayName) ?? [];
    this.#drafts.hold(clientRef, { key, to, text });
    return this.#enqueue(key, message);
  }

  /** Sends a failed message once more, as a new one. */
  resend(key, { key: name, text, format }) {
    this.#store.dispatch({ type: "thread.retracted", key, name });
    return this.send(key, text, format);
  }

  /** One after the other in each thread: calls on several connections would overtake each other. */
  #enqueue(key, message) {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const life = this.#life;
    const tail = before.catch(() => {}).then(() => this.#transmit(key, message, life));
    this.#tails.set(key, tail);
    return tail;
  }

  async #transmit(key, message, life) {
    // What another session did not come to is a draft by now.
    if (life !== this.#life) return;
    const { clientRef, text, format } = message;
    // Nobody knows any more what was said there.
    if (!this.#store.state.threads.has(key)) {
      this.#keep([clientRef]);
      return;
    }
    // Not past one that waits already.
    if (this.#waitsBehind(key, message)) return;
    /** The thread that it is in; not the one that it was written in where that is over. */
    let place = key;
    const settle = changes => this.#store.dispatch({ type: "thread.outcome", key: place, clientRef, changes });
    const body = { text, clientRef, ...(format && Object.keys(format).length > 0 ? { format } : {}) };
    try {
      const conversation = await this.#opened(key);
      // It has not gone out, and is a draft by now.
      if (life !== this.#life) return;
      if (conversation) {
        place = this.#move(key, conversation, message);
        if (this.#waitsBehind(place, message)) return;
      }
      const answer = await this.#deliver(place, body);
      const { id, conversationId, delivery, reason } = answer.message;
      this.#drafts.release(clientRef);
      if (life !== this.#life) return;
      settle({ id, conversationId, delivery, reason });
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      const isGone = error instanceof Unreachable || await this.#isSessionGone(error);
      if (life !== this.#life) return;
      if (isGone) {
        // Whether it got there is unknown: with the same reference it can be sent again without being doubled.
        this.#wait(place, message, "gateway");
        this.#doubt();
      } else if (error.status === 503 || error.code === "idempotency-in-progress") {
        // Nothing was done yet, and the same reference may be tried again.
        this.#wait(place, message, error.code === "reconnecting" ? "server" : "gateway");
        const pause = error.retryAfter === null ? usualPause : Math.min(error.retryAfter * 1000, longestPause);
        setTimeout(() => this.sendWaiting(), pause);
      } else {
        this.#drafts.release(clientRef);
        settle({ delivery: "failed", reason: error.reason, problem: error });
      }
    }
  }

  #wait(key, message, waitsFor) {
    const { clientRef } = message;
    const changes = this.#isOver ? { delivery: "kept" } : { delivery: "waiting", waitsFor };
    this.#store.dispatch({ type: "thread.outcome", key, clientRef, changes });
    if (!this.#isOver) this.#waiting.set(clientRef, { key, message, waitsFor });
  }

  /** Whether it is the session that is not there any more, and not what the message was for. */
  async #isSessionGone(error) {
    if (error.status === 401 || error.code === "session-ended") return true;
    if (error.status !== 404) return false;
    try {
      return (await this.#api()?.session())?.state === "ended";
    } catch (failure) {
      return failure.status === 401 || failure.status === 404;
    }
  }

  /** Whether another one of the thread waits already, behind which this one waits, too. */
  #waitsBehind(key, message) {
    const first = [...this.#waiting.values()].find(other => other.key === key);
    if (first) this.#wait(key, message, first.waitsFor);
    return first !== undefined;
  }

  /** The conversation that has to be opened first; null where there is one. */
  async #opened(key) {
    const { group, conversationId, participants } = this.#store.state.threads.get(key);
    return group && !conversationId ? this.#api().openConversation(participants.map(person => person.account)) : null;
  }

  /** A group that everybody had left is another one now, and what is said belongs to it; its thread's key. */
  #move(key, conversation, message) {
    const place = keyOf(conversation);
    const { clientRef } = message;
    this.#store.dispatch({ type: "thread.conversation", conversation, from: key }, { type: "thread.retracted", key, clientRef },
      { type: "thread.draft", key: place, message });
    const held = new Map(this.#drafts.held).get(clientRef);
    if (held) this.#drafts.hold(clientRef, { ...held, key: place });
    return place;
  }

  #deliver(key, body) {
    const { group, conversationId, participants } = this.#store.state.threads.get(key);
    return group ? this.#api().sendIn(conversationId, body) : this.#api().sendTo(participants[0].account, body);
  }

  sendWaiting() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { key, message } of waiting) {
      const { clientRef } = message;
      const known = this.#store.state.threads.get(key)?.messages.findLast(other => other.clientRef === clientRef);
      // The events have told meanwhile that it went out.
      if (known?.id) {
        this.#drafts.release(clientRef);
        continue;
      }
      if (!known) {
        this.#keep([clientRef]);
        continue;
      }
      this.#store.dispatch({ type: "thread.outcome", key, clientRef, changes: { delivery: "sending" } });
      this.#enqueue(key, message);
    }
  }

  /** The session is over: what has not gone out stays, as drafts for when the same person is back. */
  keepWaiting() {
    this.#isOver = true;
    for (const { key, message } of this.#waiting.values()) this.#wait(key, message);
    this.#waiting.clear();
  }

  /** What an earlier life of this page left behind, after the journal has said what of it went out. */
  restore() {
    const { state } = this.#store;
    const isOut = clientRef => [...state.threads.values()].some(thread =>
      thread.messages.some(message => message.clientRef === clientRef && message.id));
    const left = [];
    for (const [clientRef] of this.#drafts.held) {
      if (isOut(clientRef)) this.#drafts.release(clientRef);
      else left.push(clientRef);
    }
    this.#keep(left);
  }

  /** What did not go out is a draft where it was written, or else news, to be read. */
  #keep(clientRefs) {
    const { state } = this.#store;
    const drafts = new Map();
    for (const [clientRef, { key, to, text }] of this.#drafts.held) {
      if (!clientRefs.includes(clientRef)) continue;
      if (key.startsWith("p:") || state.threads.has(key)) {
        this.#drafts.release(clientRef);
        drafts.set(key, [...drafts.get(key) ?? [], text]);
      } else {
        // A group ends with its session; its words are for nobody else.
        const time = new Date().toISOString();
        this.#store.dispatch({ type: "news", kind: "unsent", key: clientRef, time, data: { to, text } });
      }
    }
    for (const [key, texts] of drafts) {
      this.#drafts.add(key, texts.join("\n"));
      this.#store.dispatch({ type: "thread.kept", key, name: uniqueName(), time: new Date().toISOString() });
    }
  }

  /** Somebody writes here; told to the others at most every 5 s, and only where there are others. */
  type(key) {
    const thread = this.#store.state.threads.get(key);
    const now = Date.now();
    if (!thread?.conversationId || now - (this.#typed.get(key) ?? 0) < typingInterval) return;
    this.#typed.set(key, now);
    // A lost typing notice is no loss.
    this.#api()?.type(thread.conversationId).catch(() => {});
  }

  /** Another session begins. */
  clear() {
    this.#life += 1;
    this.#isOver = false;
    this.#waiting.clear();
    this.#typed.clear();
    this.#tails.clear();
  }
}
