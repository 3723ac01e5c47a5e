// What was written and has not gone out: what was begun in each thread, and messages of which it is not known that the
// gateway has them. Both survive a reload, and an end of the session that nobody asked for; on a device that keeps somebody
// signed in, the end of the tab too. Tabs of one account show the same drafts.

import { kept, ownerOf } from "./kept.js";
import { loadDrafts, storeDrafts } from "./storage.js";

const channelName = "msnp-gateway.drafts";

/** Tells of a draft that changed other than by being written here, in events named `change` with the thread's key. */
export class Drafts extends EventTarget {
  #owner = "";
  #texts = new Map();
  /** By `clientRef`: `{key, to, text}`. */
  #held = new Map();
  /** Whether another tab may still say what there is. */
  #asks = false;
  #channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(channelName) : null;

  constructor() {
    super();
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data));
  }

  /** Begins with what the same person left in this tab, or on this device; what other tabs hold is theirs unless `isAlone`. */
  async open(session, isAlone) {
    const owner = ownerOf(session);
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.#texts = new Map();
    this.#held = new Map();
    const device = await kept.drafts(owner);
    const tab = loadDrafts(owner);
    this.#texts = new Map(Object.entries({ ...device.texts, ...tab?.texts }));
    this.#held = new Map(Object.entries({ ...(isAlone ? device.held : {}), ...tab?.held }));
    this.#store();
    this.#asks = true;
    this.#tell({ kind: "hello" });
  }

  get(key) { return this.#texts.get(key) ?? ""; }

  set(key, text) {
    this.#asks = false;
    this.#take(key, text);
    kept.putDraft(this.#owner, "text", key, text || null);
    this.#tell({ kind: "text", key, text });
  }

  #take(key, text) {
    if (text === "") this.#texts.delete(key);
    else this.#texts.set(key, text);
    this.#store();
  }

  /** Adds to what was begun in a thread. */
  add(key, text) {
    this.set(key, [text, this.get(key)].filter(Boolean).join("\n"));
    this.#changed(key);
  }

  /** A message is on its way: it is kept until `release` says that it got there or was refused. */
  hold(clientRef, { key, to, text }) {
    this.#held.set(clientRef, { key, to, text });
    kept.putDraft(this.#owner, "held", clientRef, { key, to, text });
    this.#store();
  }

  release(clientRef) {
    if (!this.#held.delete(clientRef)) return;
    kept.putDraft(this.#owner, "held", clientRef, null);
    this.#tell({ kind: "released", clientRef });
    this.#store();
  }

  /** Pairs of `clientRef` and what is held, in the order of writing. */
  get held() { return [...this.#held]; }

  /** Somebody signs out: the next one at this tab finds nothing. */
  clear() {
    if (this.#owner) storeDrafts(this.#owner, null);
    this.#owner = "";
    this.#texts = new Map();
    this.#held = new Map();
  }

  /** Nobody is here any more; what was written stays where it is. */
  close() {
    this.#owner = "";
    this.#channel?.close();
  }

  #store() {
    const isEmpty = this.#texts.size === 0 && this.#held.size === 0;
    storeDrafts(this.#owner, isEmpty ? null : {
      texts: Object.fromEntries(this.#texts), held: Object.fromEntries(this.#held)
    });
  }

  #changed(key) { this.dispatchEvent(new CustomEvent("change", { detail: key })); }

  #tell(message) { this.#channel?.postMessage({ owner: this.#owner, ...message }); }

  #hear({ owner, kind, key, text, texts, clientRef }) {
    if (!owner || owner !== this.#owner) return;
    switch (kind) {
      case "hello":
        this.#tell({ kind: "texts", texts: Object.fromEntries(this.#texts) });
        return;
      case "texts": {
        // What has been written here since is newer.
        if (!this.#asks) return;
        this.#asks = false;
        const before = this.#texts;
        this.#texts = new Map(Object.entries(texts));
        this.#store();
        for (const known of new Set([...before.keys(), ...this.#texts.keys()])) this.#changed(known);
        return;
      }
      case "text":
        this.#take(key, text);
        this.#changed(key);
        return;
      case "released":
        if (this.#held.delete(clientRef)) this.#store();
        return;
      default:
    }
  }
}
