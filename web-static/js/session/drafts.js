// What was begun in each thread and not sent: it survives a reload, and an end of the session that nobody asked for.

import { fold } from "../state/contacts.js";
import { loadDrafts, storeDrafts } from "./storage.js";

export class Drafts {
  #account = "";
  #texts = new Map();

  /** Begins with what the same person left in this tab; another one's is forgotten. */
  open(account) {
    const folded = fold(account);
    if (folded === this.#account) return;
    const kept = loadDrafts();
    this.#account = folded;
    this.#texts = new Map(kept?.account === folded ? Object.entries(kept.texts) : []);
    this.#keep();
  }

  get(key) { return this.#texts.get(key) ?? ""; }

  set(key, text) {
    if (text === "") this.#texts.delete(key);
    else this.#texts.set(key, text);
    this.#keep();
  }

  /** Somebody signs out: the next one at this tab finds nothing. */
  clear() {
    this.#account = "";
    this.#texts = new Map();
    storeDrafts(null);
  }

  #keep() {
    storeDrafts(this.#texts.size > 0 ? { account: this.#account, texts: Object.fromEntries(this.#texts) } : null);
  }
}
