// The accounts of this tab, side by side: a messenger for each, of which one is in front.
//
// Tells in events named `front` that another one is, in events named `change` that there are others or that something waits in
// one of them, and in events named `toast` what a person should hear of from those that are not in front.

import { pendingContacts } from "../state/contacts.js";
import { unreadTotal } from "../state/threads.js";
import { kept } from "./kept.js";
import { Messenger } from "./messenger.js";
import * as storage from "./storage.js";

/** Each polls on a connection of its own, of which a browser has six to one server (HTTP/1.1), and calls need some too. */
export const mostAccounts = 4;

/** How much waits for the person: messages, and whoever wants an answer. */
export const waitingIn = state =>
  unreadTotal(state) + (state.phase === "ended" ? 0 : pendingContacts(state.contacts).length);

export class Accounts extends EventTarget {
  #all = [];
  #front;
  /** What was told last of who is there and what waits. */
  #told = "";

  constructor() {
    super();
    this.#front = this.#make();
  }

  /** In the order in which they came; one at least. */
  get all() { return this.#all; }
  get front() { return this.#front; }
  get hasRoom() { return this.#all.length < mostAccounts; }
  /** In all of them together. */
  get waiting() { return this.#all.reduce((sum, { state }) => sum + waitingIn(state), 0); }

  /** Comes back to the sessions of this tab, or to those that this device keeps. */
  async resume() {
    const inTab = storage.loadSessions();
    const wanted = inTab.length > 0 ? inTab.map(session => ({ ...session, isReload: true })) : await this.#onDevice();
    const [first, ...others] = wanted.slice(0, mostAccounts);
    if (!first) return;
    const begun = [this.#front.comeBack(first), ...others.map(session => this.#make().comeBack(session))];
    this.#tell();
    await Promise.all(begun);
  }

  async #onDevice() {
    const all = await kept.all();
    const good = all.filter(({ token }) => token !== null);
    if (good.length === 0 && all.length > 0) {
      // Whose session is over signs in again, and is asked for no more than has to be.
      this.#front.lastAccount = all[0].account;
      this.#front.lastOwner = all[0].owner;
      this.#front.isKept = true;
    }
    return good;
  }

  /** Puts another one in front. */
  show(messenger) {
    if (messenger === this.#front) return;
    // What comes there now is seen by nobody.
    this.#front.store.dispatch({ type: "attention", key: null });
    this.#front = messenger;
    if (messenger.id) storage.frontSession(messenger.id);
    this.dispatchEvent(new Event("front"));
    this.#tell();
  }

  /** Somebody else signs in beside those that are there. */
  add() { if (this.hasRoom) this.show(this.#make()); }

  /** Takes one away that nobody is signed in with, if there are others. */
  drop(messenger) {
    if (this.#all.length === 1) return;
    const index = this.#all.indexOf(messenger);
    if (index < 0) return;
    this.#all = this.#all.filter(other => other !== messenger);
    if (messenger === this.#front) this.show(this.#all[Math.min(index, this.#all.length - 1)]);
    messenger.dispose();
    this.#tell();
  }

  #make() {
    const messenger = new Messenger();
    this.#all = [...this.#all, messenger];
    messenger.addEventListener("session", () => this.#settle(messenger));
    messenger.addEventListener("left", () => this.drop(messenger));
    messenger.addEventListener("toast", ({ detail }) => {
      if (messenger !== this.#front) this.dispatchEvent(new CustomEvent("toast", { detail: { messenger, detail } }));
    });
    messenger.store.addEventListener("change", () => this.#tell());
    return messenger;
  }

  /** A session began or went. */
  #settle(messenger) {
    const { id } = messenger;
    const same = id && this.#all.find(other => other !== messenger && other.id === id);
    if (same) {
      // It was here already.
      this.#all = this.#all.filter(other => other !== same);
      same.giveWay();
    }
    if (messenger.state.phase === "live") {
      storage.keepDraftsOf(this.#all.map(({ lastOwner }) => lastOwner));
      if (messenger === this.#front) storage.frontSession(id);
    }
    this.#tell();
  }

  #tell() {
    const told = JSON.stringify([this.#all.indexOf(this.#front), ...this.#all.map(({ state, lastAccount }) =>
      [state.phase, state.session?.account ?? lastAccount, state.session?.displayName, state.session?.status, waitingIn(state)])]);
    if (told === this.#told) return;
    this.#told = told;
    this.dispatchEvent(new Event("change"));
  }
}
