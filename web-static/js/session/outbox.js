// Messages on their way out: shown at once, sent once, and told what became of them.

import { Problem, Unreachable } from "../api/problem.js";
import { uniqueName } from "../core/random.js";
import { keyOf } from "../state/threads.js";

/** A typing notice more often than that is refused by some servers and of no use to anybody. */
const typingInterval = 5000;
/** The most that the API takes, in bytes of UTF-8. */
export const longestText = 64 * 1024;

export class Outbox {
  #store;
  #api;
  #doubt;
  #typed = new Map();
  /** Of each thread, the last call that was begun. */
  #tails = new Map();
  /** By `clientRef`: sent to a gateway that did not answer. */
  #waiting = new Map();

  /** `api()` is the session's, `doubt()` is called when the gateway did not answer. */
  constructor(store, api, doubt) {
    this.#store = store;
    this.#api = api;
    this.#doubt = doubt;
  }

  send(key, text, format) {
    const clientRef = uniqueName();
    const message = { clientRef, text, format, time: new Date().toISOString() };
    this.#store.dispatch({ type: "thread.draft", key, message });
    this.#typed.delete(key);
    return this.#enqueue(key, message);
  }

  /** Sends a failed message once more, as a new one. */
  resend(key, { clientRef, text, format }) {
    this.#store.dispatch({ type: "thread.retracted", key, clientRef });
    return this.send(key, text, format);
  }

  /** One after the other in each thread: calls on several connections would overtake each other. */
  #enqueue(key, message) {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const tail = before.catch(() => {}).then(() => this.#transmit(key, message));
    this.#tails.set(key, tail);
    return tail;
  }

  async #transmit(key, message) {
    const { clientRef, text, format } = message;
    const settle = changes => this.#store.dispatch({ type: "thread.outcome", key, clientRef, changes });
    // Not past one that waits already.
    if ([...this.#waiting.values()].some(other => other.key === key)) {
      settle({ delivery: "waiting" });
      this.#waiting.set(clientRef, { key, message });
      return;
    }
    const body = { text, clientRef, ...(format && Object.keys(format).length > 0 ? { format } : {}) };
    try {
      const answer = await this.#deliver(key, message, body);
      const { id, conversationId, delivery, reason } = answer.message;
      settle({ id, conversationId, delivery, reason });
    } catch (error) {
      if (error instanceof Unreachable) {
        // Whether it got there is unknown: with the same reference it can be sent again without being doubled.
        settle({ delivery: "waiting" });
        this.#waiting.set(clientRef, { key, message });
        this.#doubt();
      } else if (error instanceof Problem) {
        settle({ delivery: "failed", reason: error.reason, problem: error });
      } else {
        throw error;
      }
    }
  }

  async #deliver(key, message, body) {
    const thread = this.#store.state.threads.get(key);
    if (!thread.group) return this.#api().sendTo(thread.participants[0].account, body);
    if (thread.conversationId) return this.#api().sendIn(thread.conversationId, body);
    const conversation = await this.#api().openConversation(thread.participants.map(person => person.account));
    // A group that everybody had left is another one now, and what is said belongs to it.
    this.#store.dispatch({ type: "thread.conversation", conversation, from: key },
      { type: "thread.retracted", key, clientRef: body.clientRef },
      { type: "thread.draft", key: keyOf(conversation), message });
    return conversation.group
      ? this.#api().sendIn(conversation.id, body) : this.#api().sendTo(conversation.participants[0].account, body);
  }

  sendWaiting() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { key, message } of waiting) {
      const { clientRef } = message;
      const known = this.#store.state.threads.get(key)?.messages.findLast(other => other.clientRef === clientRef);
      // The events have told meanwhile that it went out.
      if (!known || known.id) continue;
      this.#store.dispatch({ type: "thread.outcome", key, clientRef, changes: { delivery: "sending" } });
      this.#enqueue(key, message);
    }
  }

  failWaiting() {
    for (const { key, message } of this.#waiting.values()) {
      const changes = { delivery: "failed", reason: "signedOut" };
      this.#store.dispatch({ type: "thread.outcome", key, clientRef: message.clientRef, changes });
    }
    this.#waiting.clear();
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
    this.#waiting.clear();
    this.#typed.clear();
    this.#tails.clear();
  }
}
