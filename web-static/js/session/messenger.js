// The page's one session: signs in, comes back after a reload, keeps the store true, and carries out what is asked.
//
// Tells what a person should hear of in events named `toast`, and that a session began or went, or why it can't be left, in
// events named `session`.

import { signIn } from "../api/gateway.js";
import { Problem, Unreachable } from "../api/problem.js";
import { SessionAPI } from "../api/session.js";
import { explain } from "../core/explain.js";
import { preferences } from "../core/preferences.js";
import { uniqueName } from "../core/random.js";
import { fold } from "../state/contacts.js";
import { initialState, reduce } from "../state/reducer.js";
import { Store } from "../state/store.js";
import { personKey } from "../state/threads.js";
import { Drafts } from "./drafts.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { Reader } from "./reader.js";
import * as storage from "./storage.js";

/** Milliseconds between attempts to read the history while the gateway is away. */
const historyPause = 2000;

/** Who comes is news for those who want to know. */
const isWanted = entry => entry.kind !== "came" || preferences.get("signIns");

export class Messenger extends EventTarget {
  store = new Store(reduce, initialState);
  /** Whom a session that has ended was for. */
  lastAccount = "";
  /** What there is to say where nobody is signed in: null, `{}` after signing out, `{what, error}` where something did not work. */
  farewell = null;
  /** While the history is read, what is unread is not known yet. */
  #isLoading = false;
  #api = null;
  #reader = null;
  /** What is written, until it is known what became of it. */
  drafts = new Drafts();
  outbox = new Outbox(this.store, this.drafts, () => this.#api, () => this.#reader?.doubt());
  #marks = new Marks({
    base: () => this.#count(),
    read: (key, seq) => this.store.dispatch({ type: "thread.read", key, seq }),
    newsRead: keys => this.store.dispatch({ type: "news.read", keys })
  });
  /** Ends a pause before its time. */
  #hurry = () => {};

  constructor() {
    super();
    setInterval(() => this.store.dispatch({ type: "tick", now: Date.now() }), 1000);
    this.store.addEventListener("change", () => this.#noteRead());
  }

  get state() { return this.store.state; }
  get api() { return this.#api; }

  // Beginning and end

  async signIn(request, signal) {
    const { session, token } = await signIn(request, signal);
    storage.storeSession({ id: session.id, token });
    this.farewell = null;
    await this.#begin(session.id, token, false, signal);
  }

  /** After a reload: true when there is a session to come back to. */
  async resume() {
    const kept = storage.loadSession();
    if (!kept?.id || !kept.token) return false;
    await this.#begin(kept.id, kept.token, true);
    return true;
  }

  async #begin(id, token, isReload, signal) {
    this.#reader?.stop();
    this.outbox.clear();
    this.#api = new SessionAPI(id, token);
    this.#marks.open(id, isReload);
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
    this.outbox.restore();
    this.dispatchEvent(new Event("session"));
  }

  /** A pause that `hurry` ends. */
  async pause(milliseconds) {
    await new Promise(resolve => {
      this.#hurry = resolve;
      setTimeout(resolve, milliseconds);
    });
    this.#hurry = () => {};
  }

  /** The person does not want to wait: whatever waits to be tried again is tried now. */
  hurry() {
    this.#hurry();
    this.#reader?.hurry();
  }

  /** Something else heard that the session may be gone. */
  doubt() { this.#reader?.doubt(); }

  /** Snapshot first, then what the journal still has of conversations; resolves to the snapshot's cursor. */
  async #load(signal) {
    const snapshot = await this.#api.snapshot(signal);
    this.drafts.open(snapshot.session.account);
    const { hidden } = this.#marks;
    this.#isLoading = true;
    try {
      this.store.dispatch({ type: "opened", snapshot });
      await this.#remember();
    } finally {
      this.#isLoading = false;
    }
    this.#noteRead();
    this.store.dispatch(...hidden.filter(key => !this.state.threads.get(key)?.unread)
      .map(key => ({ type: "thread.hidden", key, next: this.state.active })));
    return snapshot.cursor;
  }

  /** Page by page, so that the page stays alive while a long history is taken in. */
  async #remember() {
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
        await this.pause(historyPause);
        continue;
      }
      if (api !== this.#api) return;
      if (position === "oldest") isCut = page.events.length > 0 && page.events[0].seq > 1;
      if (this.state.gatewayAwaySince) this.store.dispatch({ type: "gateway.back" });
      this.store.dispatch({
        type: "remembered", events: page.events, isCut, readUpTo: key => this.#marks.upTo(key),
        isNews: entry => isWanted(entry) && !this.#marks.isNewsRead(entry.key)
      });
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
    this.outbox.keepWaiting();
    this.dispatchEvent(new Event("session"));
  }

  async signOut() {
    const api = this.#api;
    this.#reader?.stop();
    this.farewell = {};
    this.lastAccount = "";
    this.#forget();
    this.drafts.clear();
    try {
      await api?.signOut();
    } catch (error) {
      // It ends by itself before long; whoever signs out should hear that it wasn't at once.
      if (this.#api) return;
      this.farewell = { what: "signOut", error };
      this.dispatchEvent(new Event("session"));
    }
  }

  /** The session can't be come back to, and asking again would be answered the same. */
  giveUp(error) {
    this.farewell = { what: "resume", error };
    this.#forget();
  }

  /** Leaves an ended session behind, for signing in as the same person again, or as another one. */
  leaveEnded(isSamePerson) {
    this.lastAccount = isSamePerson ? this.state.session?.account ?? "" : "";
    this.#forget();
  }

  #forget() {
    storage.storeSession(null);
    this.#marks.close();
    this.#reader?.stop();
    this.#reader = null;
    this.#api = null;
    this.outbox.clear();
    this.store.dispatch({ type: "signedOut" });
    this.dispatchEvent(new Event("session"));
  }

  // What happens

  #take(events) {
    const before = this.state;
    this.store.dispatch({ type: "events", events, now: Date.now(), isNews: isWanted });
    for (const event of events) this.#announce(event, before);
    if (events.some(({ type, data }) => type === "session.state" && data.state === "online")) this.outbox.sendWaiting();
  }

  #announce(event, before) {
    const { type, data, id } = event;
    switch (type) {
      case "presence.changed":
        // Whose coming has not been read yet comes and goes without more words.
        if (!before.news.some(entry => entry.subject === `came:${fold(data.account)}`)) this.#toast(id);
        return;
      case "contact.request":
        // Said once, however often the server repeats it.
        if (before.contacts.get(fold(data.account))?.pending) return;
        this.tell({ kind: "request", account: data.account, name: data.displayName });
        return;
      case "message.received": {
        const conversation = this.state.conversations.get(data.conversationId);
        const key = conversation?.group ? `c:${data.conversationId}` : personKey(data.from);
        // What is in front is heard from the conversation itself, also by whoever reads further up in it.
        if (key !== this.state.front) {
          this.tell({ kind: "message", key, name: data.displayName, text: data.text ?? "" });
        }
        return;
      }
      default:
        this.#toast(id);
    }
  }

  /** Shows an entry of the news, if there is one of that key. */
  #toast(key) {
    const entry = this.state.news.find(other => other.key === key);
    if (entry) this.tell({ kind: "news", entry });
  }

  tell(detail) { this.dispatchEvent(new CustomEvent("toast", { detail })); }

  /** These entries are read, in the other tabs too. */
  readNews(keys) {
    if (keys.length === 0) return;
    for (const key of keys) this.drafts.release(key);
    this.store.dispatch({ type: "news.read", keys });
    this.#marks.readNews(keys);
  }

  #noteRead() {
    if (this.state.phase === "live" && !this.#isLoading) this.#marks.note(this.state);
  }

  /** Another tab, which has been there for longer, has said what is read. */
  #count() {
    if (this.state.phase !== "live" || this.#isLoading) return;
    this.store.dispatch(...[...this.state.threads.keys()].map(key =>
      ({ type: "thread.read", key, seq: this.#marks.upTo(key), isBase: true })));
  }

  // What is asked for

  /** Carries out a call; what goes wrong becomes news under `strings.failed[what]`. True when it worked. */
  async attempt(what, call) {
    const subject = `problem:${what}`;
    try {
      await call(this.#api);
      // What did not work the last time has worked now.
      this.store.dispatch({
        type: "news.read", keys: this.state.news.filter(entry => entry.subject === subject).map(({ key }) => key)
      });
      return true;
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      if (error instanceof Unreachable || error.status === 401) this.#reader?.doubt();
      const key = uniqueName();
      const time = new Date().toISOString();
      this.store.dispatch({ type: "news", kind: "problem", key, time, data: { what, ...explain(error) } });
      this.#toast(key);
      return false;
    }
  }

  /** For a field, which shows what went wrong itself. */
  async changing(call) {
    try {
      return await call(this.#api);
    } catch (error) {
      if (error instanceof Unreachable || error.status === 401) this.#reader?.doubt();
      throw error;
    }
  }

  setPresence(status) {
    return this.attempt("presence", async api => {
      const answer = await api.setPresence(status);
      this.store.dispatch({ type: "session.changed", changes: { status: answer.status } });
    });
  }

  renaming(name) {
    return this.changing(async api => {
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

  settingPrivacy(privacy) {
    return this.changing(async api => {
      this.store.dispatch({ type: "privacy.changed", privacy: await api.setPrivacy(privacy) });
    });
  }

  settingPhones(phones) {
    return this.changing(async api => {
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
