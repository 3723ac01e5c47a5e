// What was written and has not gone out: what was begun in each thread, and messages of which it is not known that the
// gateway has them. Both survive a reload, and an end of the session that nobody asked for.

import { fold } from "../state/contacts.js";
import { loadDrafts, storeDrafts } from "./storage.js";

/** Tells of a draft that changed other than by being written, in events named `change` with the thread's key. */
export class Drafts extends EventTarget {
  #account = "";
  #texts = new Map();
  /** By `clientRef`: `{key, to, text}`. */
  #held = new Map();

  /** Begins with what the same person left in this tab; another one's is forgotten. */
  open(account) {
    const folded = fold(account);
    if (folded === this.#account) return;
    const kept = loadDrafts();
    const isSame = kept?.account === folded;
    this.#account = folded;
    this.#texts = new Map(isSame ? Object.entries(kept.texts) : []);
    this.#held = new Map(isSame ? Object.entries(kept.held ?? {}) : []);
    this.#keep();
  }

  get(key) { return this.#texts.get(key) ?? ""; }

  set(key, text) {
    if (text === "") this.#texts.delete(key);
    else this.#texts.set(key, text);
    this.#keep();
  }

  /** Adds to what was begun in a thread. */
  add(key, text) {
    this.set(key, [text, this.get(key)].filter(Boolean).join("\n"));
    this.dispatchEvent(new CustomEvent("change", { detail: key }));
  }

  /** A message is on its way: it is kept until `release` says that it got there or was refused. */
  hold(clientRef, { key, to, text }) {
    this.#held.set(clientRef, { key, to, text });
    this.#keep();
  }

  release(clientRef) {
    if (this.#held.delete(clientRef)) this.#keep();
  }

  /** Pairs of `clientRef` and what is held, in the order of writing. */
  get held() { return [...this.#held]; }

  /** Somebody signs out: the next one at this tab finds nothing. */
  clear() {
    this.#account = "";
    this.#texts = new Map();
    this.#held = new Map();
    storeDrafts(null);
  }

  #keep() {
    const isEmpty = this.#texts.size === 0 && this.#held.size === 0;
    storeDrafts(isEmpty ? null : {
      account: this.#account, texts: Object.fromEntries(this.#texts), held: Object.fromEntries(this.#held)
    });
  }
}
