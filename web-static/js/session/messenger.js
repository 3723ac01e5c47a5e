// The page's one session: signs in, comes back after a reload, keeps the store true, and carries out what is asked.
//
// Tells what a person should hear of in events named `toast`, `session` (it began or went) and `trace`.

import { signIn } from "../api/gateway.js";
import { Problem, Unreachable } from "../api/problem.js";
import { SessionAPI } from "../api/session.js";
import { uniqueName } from "../core/random.js";
import { fold } from "../state/contacts.js";
import { initialState, reduce } from "../state/reducer.js";
import { Store } from "../state/store.js";
import { personKey } from "../state/threads.js";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";
import { Reader } from "./reader.js";
import * as storage from "./storage.js";

/** Milliseconds between attempts to read the history while the gateway is away. */
const historyPause = 2000;

export class Messenger extends EventTarget {
  store = new Store(reduce, initialState);
  /** Whom a session that has ended was for. */
  lastAccount = "";
  /** How far each thread has been read; null where every message that is found counts as read. */
  #read = null;
  /** While the history is read, what is unread is not known yet. */
  #isLoading = false;
  #api = null;
  #reader = null;
  /** What is written, until it is known what became of it. */
  outbox = new Outbox(this.store, () => this.#api, () => this.#reader?.doubt());

  drafts = new Drafts();

  constructor() {
    super();
    setInterval(() => this.store.dispatch({ type: "tick", now: Date.now() }), 1000);
    this.store.addEventListener("change", () => this.#rememberRead());
  }

  get state() { return this.store.state; }
  get api() { return this.#api; }

  // Beginning and end

  async signIn(request, signal) {
    const { session, token } = await signIn(request, signal);
    storage.storeSession({ id: session.id, token });
    storage.storeRead(null);
    this.#read = null;
    await this.#begin(session.id, token, signal);
  }

  /** After a reload: true when there is a session to come back to. */
  async resume() {
    const kept = storage.loadSession();
    if (!kept?.id || !kept.token) return false;
    this.#read = storage.loadRead();
    await this.#begin(kept.id, kept.token);
    return true;
  }

  async #begin(id, token, signal) {
    this.#reader?.stop();
    this.#api = new SessionAPI(id, token);
    this.store.dispatch({ type: "opening" });
    let cursor;
    try {
      cursor = await this.#load(signal);
    } catch (error) {
      const isGone = error instanceof Problem && (error.status === 401 || error.status === 404);
      if (isGone && this.state.session) {
        // The gateway was started anew while the history was read.
        this.#lost();
        return;
      }
      if (isGone) this.#forget();
      else if (signal?.aborted && !this.state.session) this.#forget();
      throw error;
    }
    // Whoever has signed out meanwhile follows nothing.
    if (!this.#api) return;
    this.#follow(cursor);
    this.dispatchEvent(new Event("session"));
  }

  /** Snapshot first, then what the journal still has of conversations; resolves to the snapshot's cursor. */
  async #load(signal) {
    const snapshot = await this.#api.snapshot(signal);
    this.drafts.open(snapshot.session.account);
    const read = this.#read;
    const readUpTo = key => (read ? read.up[key] ?? 0 : Infinity);
    this.#isLoading = true;
    try {
      this.store.dispatch({ type: "opened", snapshot });
      await this.#remember(readUpTo);
    } finally {
      this.#isLoading = false;
    }
    this.store.dispatch(...(read?.hidden ?? []).filter(key => !this.state.threads.get(key)?.unread)
      .map(key => ({ type: "thread.hidden", key, next: this.state.active })));
    return snapshot.cursor;
  }

  /** Page by page, so that the page stays alive while a long history is taken in. */
  async #remember(readUpTo) {
    const api = this.#api;
    let position = "oldest";
    let isCut = false;
    while (api === this.#api) {
      let page;
      try {
        page = await api.events({ after: position, limit: 500, wait: 0 });
      } catch (error) {
        // The oldest go while they are read; what was read counts.
        if (error.status === 410) return;
        if (!(error instanceof Unreachable) && !(error.status >= 429)) throw error;
        this.store.dispatch({ type: "gateway.away", since: new Date().toISOString() });
        await new Promise(resolve => { setTimeout(resolve, historyPause); });
        continue;
      }
      if (api !== this.#api) return;
      if (position === "oldest") isCut = page.events.length > 0 && page.events[0].seq > 1;
      if (this.state.gatewayAwaySince) this.store.dispatch({ type: "gateway.back" });
      this.store.dispatch({ type: "remembered", events: page.events, isCut, readUpTo });
      if (!page.more) return;
      position = page.next;
    }
  }

  #follow(cursor) {
    const reader = new Reader(this.#api, {
      events: events => this.#take(events),
      away: () => this.store.dispatch({ type: "gateway.away", since: new Date().toISOString() }),
      back: () => {
        this.store.dispatch({ type: "gateway.back" });
        this.outbox.sendWaiting();
      },
      gap: problem => this.#bridge(problem),
      ended: () => this.#ended(),
      lost: () => this.#lost()
    });
    this.#reader = reader;
    reader.run(cursor);
  }

  /** Events were missed: everything is read anew, and the threads say so. */
  async #bridge(problem) {
    if (problem.missed === null) this.store.dispatch({ type: "forgotten" });
    const cursor = await this.#load();
    const message = {
      key: uniqueName(), kind: "notice", what: "missed", missed: problem.missed, time: new Date().toISOString()
    };
    this.store.dispatch(...[...this.state.threads.keys()].map(key => ({ type: "thread.notice", key, message })));
    return cursor;
  }

  async #ended() {
    let session = {};
    try { session = await this.#api.session(); } catch { /* What the events said will do. */ }
    this.store.dispatch({ type: "ended", session });
    this.#drop();
  }

  #lost() {
    this.store.dispatch({ type: "ended", session: { state: "ended", reason: "gone" } });
    this.#drop();
  }

  /** Nothing more can be asked, but what there was can still be read. */
  #drop() {
    storage.storeSession(null);
    this.outbox.failWaiting();
    this.dispatchEvent(new Event("session"));
  }

  async signOut() {
    const api = this.#api;
    this.#reader?.stop();
    this.#forget();
    this.drafts.clear();
    try {
      await api?.signOut();
    } catch (error) {
      // It ends by itself before long; whoever signs out should hear that it wasn't at once.
      this.tell({ kind: "problem", what: "signOut", error });
    }
  }

  /** Leaves an ended session behind, for signing in as the same person again. */
  leaveEnded() {
    this.lastAccount = this.state.session?.account ?? "";
    this.#forget();
  }

  #forget() {
    storage.storeSession(null);
    storage.storeRead(null);
    this.#reader?.stop();
    this.#reader = null;
    this.#api = null;
    this.#read = null;
    this.outbox.clear();
    this.store.dispatch({ type: "signedOut" });
    this.dispatchEvent(new Event("session"));
  }

  // What happens

  #take(events) {
    const before = this.state;
    this.store.dispatch({ type: "events", events, now: Date.now() });
    for (const event of events) this.#announce(event, before);
  }

  #announce({ type, data, id }, before) {
    switch (type) {
      case "presence.changed": {
        const contact = before.contacts.get(fold(data.account));
        if (data.previous !== "offline" || data.status === "offline" || !contact?.lists.includes("forward")) return;
        this.tell({ kind: "signIn", account: data.account, name: data.displayName, status: data.status });
        return;
      }
      case "contact.request":
        this.tell({ kind: "request", account: data.account, name: data.displayName });
        return;
      case "message.received": {
        const conversation = this.state.conversations.get(data.conversationId);
        const key = conversation?.group ? `c:${data.conversationId}` : personKey(data.from);
        if (key !== this.state.attention) {
          this.tell({ kind: "message", key, name: data.displayName, text: data.text ?? "" });
        }
        return;
      }
      case "mail.received":
      case "alert.received":
      case "page.received":
      case "page.failed":
      case "server.notice":
        this.tell({ kind: type, data, id });
        return;
      default:
    }
  }

  tell(detail) { this.dispatchEvent(new CustomEvent("toast", { detail })); }

  #rememberRead() {
    if (this.state.phase !== "live" || this.#isLoading) return;
    const up = {};
    const hidden = [];
    for (const thread of this.state.threads.values()) {
      up[thread.key] = thread.unread === 0 ? this.state.threadSeq : this.#read?.up[thread.key] ?? 0;
      if (!thread.visible) hidden.push(thread.key);
    }
    const known = this.#read;
    const isSame = known && known.hidden.join() === hidden.join()
      && Object.keys(up).length === Object.keys(known.up).length
      && Object.entries(up).every(([key, seq]) => known.up[key] === seq);
    if (isSame) return;
    this.#read = { up, hidden };
    storage.storeRead(this.#read);
  }

  // What is asked for

  /** Carries out a call; what goes wrong becomes a toast under `strings.failed[what]`. True when it worked. */
  async attempt(what, call) {
    try {
      await call(this.#api);
      return true;
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      if (error instanceof Unreachable) this.#reader?.doubt();
      this.tell({ kind: "problem", what, error });
      return false;
    }
  }

  setPresence(status) {
    return this.attempt("presence", async api => {
      const answer = await api.setPresence(status);
      this.store.dispatch({ type: "session.changed", changes: { status: answer.status } });
    });
  }

  rename(name) {
    return this.attempt("rename", async api => {
      const session = await api.rename(name);
      this.store.dispatch({ type: "session.changed", changes: { displayName: session.displayName } });
    });
  }

  /** For a dialog, which shows what went wrong itself. */
  async adding(account) { this.#changed(await this.#api.add(account)); }

  add(account) { return this.attempt("add", () => this.adding(account)); }
  block(account) {
    return this.attempt("block", async api => this.#changed(await api.change(account, { blocked: true })));
  }
  unblock(account) {
    return this.attempt("unblock", async api => this.#changed(await api.change(account, { blocked: false })));
  }
  remove(account) { return this.attempt("remove", api => api.remove(account)); }

  accept(account, addToo) {
    return this.attempt("accept", async api => {
      if (addToo) this.#changed(await api.add(account));
      else this.#changed(await api.change(account, { allowed: true }));
    });
  }

  decline(account) {
    return this.attempt("decline", async api => this.#changed(await api.change(account, { blocked: true })));
  }

  #changed(contact) { this.store.dispatch({ type: "contact.changed", contact }); }

  setPrivacy(privacy) {
    return this.attempt("privacy", async api => {
      this.store.dispatch({ type: "privacy.changed", privacy: await api.setPrivacy(privacy) });
    });
  }

  setPhones(phones) {
    return this.attempt("phones", async api => {
      this.store.dispatch({ type: "phones.changed", phones: await api.setPhones(phones) });
    });
  }

  // Conversations

  openPerson(account) {
    const contact = this.state.contacts.get(fold(account));
    this.store.dispatch({
      type: "thread.person", account: contact?.account ?? account, displayName: contact?.displayName ?? account
    });
  }

  /** For a dialog, which shows what went wrong itself. */
  async inviting(key, account) {
    const api = this.#api;
    const thread = this.state.threads.get(key);
    const { conversationId } = thread;
    if (!conversationId) {
      const people = [...thread.participants.map(person => person.account), account];
      const conversation = await api.openConversation(people);
      this.store.dispatch({ type: "thread.conversation", conversation, from: key });
      return;
    }
    this.store.dispatch({ type: "invite.begun", conversationId });
    try {
      await api.invite(conversationId, account);
    } catch (error) {
      this.store.dispatch({ type: "invite.failed", conversationId });
      throw error;
    }
  }

  async leave(key) {
    const thread = this.state.threads.get(key);
    const isLeft = !thread?.conversationId || await this.attempt("leave", api => api.leave(thread.conversationId));
    if (isLeft) this.hide(key);
    return isLeft;
  }

  hide(key) {
    const others = [...this.state.threads.values()].filter(thread => thread.visible && thread.key !== key);
    this.store.dispatch({ type: "thread.hidden", key, next: others.at(-1)?.key ?? null });
  }
}
