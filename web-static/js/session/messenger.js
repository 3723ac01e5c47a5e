// One account's session: signs in, comes back after a reload, and keeps the store true. What is asked of it is carried out
// by `actions`, `conversations` and `outbox`.
//
// Tells what a person should hear of in events named `toast`, that a session began or went, or why it can't be left, in events
// named `session`, that the person has signed out in events named `left`, and that events have come, before the state knows of
// them, in events named `arrival`.

import { calls } from "../api/calls.js";
import { signIn } from "../api/gateway.js";
import { Problem, Unreachable } from "../api/problem.js";
import { SessionAPI } from "../api/session.js";
import { Pause } from "../core/pause.js";
import { preferences } from "../core/preferences.js";
import { initialState, reduce } from "../state/reducer.js";
import { Store } from "../state/store.js";
import { Actions } from "./actions.js";
import { Archive } from "./archive.js";
import { Conversations } from "./conversations.js";
import { Drafts } from "./drafts.js";
import { Herald } from "./herald.js";
import { kept, ownerOf } from "./kept.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { Recall } from "./recall.js";
import { Recorder } from "./recorder.js";
import { isShownElsewhere, SharedReader } from "./shared-reader.js";
import * as storage from "./storage.js";

/** Who comes is news for those who want to know. */
const isWanted = entry => entry.kind !== "came" || preferences.get("signIns");
/** Milliseconds between attempts to come back to a session while the gateway is away. */
const retryPause = 2000;

export class Messenger extends EventTarget {
  store = new Store(reduce, initialState);
  /** Whom a session that is over was for. */
  lastAccount = "";
  /** The same with its server; whose drafts are here. */
  lastOwner = "";
  /** Whether this device keeps the person signed in, or has done so until the session was over. */
  isKept = false;
  /** What there is to say where nobody is signed in: null, `{}` after signing out, `{what, error}` where something did not work. */
  farewell = null;
  /** Counts the sessions: whatever was begun in an earlier one ends where that has been left. */
  #life = 0;
  #id = null;
  #token = null;
  #api = null;
  #reader = null;
  /** What is written, until it is known what became of it. */
  drafts = new Drafts();
  outbox = new Outbox(this.store, this.drafts, () => this.#api, () => this.doubt());
  #marks = new Marks({
    base: () => this.#count(),
    read: (key, seq) => this.store.dispatch({ type: "thread.read", key, seq }),
    newsRead: keys => this.store.dispatch({ type: "news.read", keys })
  });
  /** Reads what there is. */
  recall = new Recall({
    store: this.store, marks: this.#marks, api: () => this.#api, pause: milliseconds => this.pause(milliseconds),
    isNews: isWanted
  });
  /** What is kept in this browser, if the person wants it. */
  archive = new Archive();
  #herald = new Herald(this.store, detail => this.dispatchEvent(new CustomEvent("toast", { detail })));
  actions = new Actions(this.store, {
    api: () => this.#api, doubt: () => this.doubt(), tell: key => this.#herald.tellNews(key)
  });
  conversations = new Conversations(this.store, {
    api: () => this.#api, attempt: (what, call) => this.actions.attempt(what, call)
  });
  #clock = setInterval(() => this.store.dispatch({ type: "tick", now: Date.now() }), 1000);
  /** Between attempts to come back, and to read what there was. */
  #pause = new Pause();

  constructor() {
    super();
    new Recorder(this.store, this.archive);
    this.store.addEventListener("change", () => {
      if (this.#isKnown) this.#marks.note(this.state);
    });
  }

  get state() { return this.store.state; }
  get api() { return this.#api; }
  /** The session's ID, null where there is none. */
  get id() { return this.#id; }

  /** Whether it is known what is unread. */
  get #isKnown() { return this.state.phase === "live" && !this.recall.isReading; }

  // Beginning and end

  /** Signs in; with `keep` this device keeps the person signed in. */
  async signIn({ keep, ...request }, signal) {
    calls.forget();
    const { session, token } = await signIn({ ...request, ...(keep ? { keep } : {}) }, signal);
    this.farewell = null;
    await this.#begin({ id: session.id, token, isReload: false, keep, signal });
  }

  /** Comes back to a session, however long its gateway is away. */
  async comeBack({ id, token, account = "", owner = "", isReload }) {
    this.lastAccount = account;
    this.lastOwner = owner;
    this.store.dispatch({ type: "opening" });
    let life = this.#life;
    const isKept = await kept.has(id);
    if (life !== this.#life) return;
    this.isKept = isKept;
    for (;;) {
      try {
        await this.#begin({ id, token, isReload });
        return;
      } catch (error) {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        // It can't be come back to, and asking again would be answered the same.
        if (error.status >= 400 && error.status < 500 && error.status !== 429) {
          this.farewell = { what: "resume", error };
          this.#forget();
          return;
        }
        this.store.dispatch({ type: "gateway.away", since: new Date().toISOString() });
        life = this.#life;
        await this.pause(retryPause);
        if (life !== this.#life) return;
      }
    }
  }

  /** `keep` is the person's word where they have just given it. Whoever leaves before it is done hears no more of it. */
  async #begin({ id, token, isReload, keep, signal }) {
    this.#life += 1;
    const life = this.#life;
    this.#reader?.stop();
    this.outbox.clear();
    this.#id = id;
    this.#token = token;
    this.#api = new SessionAPI(id, token);
    this.#store();
    this.#marks.open(id, isReload);
    this.store.dispatch({ type: "opening" });
    let cursor;
    try {
      cursor = await this.recall.read(signal, ({ session }) => this.#meet(session, { life, token, keep }));
    } catch (error) {
      if (life !== this.#life) return;
      const isGone = error instanceof Problem && (error.status === 401 || error.status === 404);
      if (isGone && this.state.session) {
        // The gateway was started anew while the journal was read.
        this.#lost();
        return;
      }
      // Whoever was about to sign in, and does not come to it, begins anew: nobody comes back to this session.
      if (isGone || (signal && !this.state.session)) {
        kept.lost(id);
        if (!isGone) this.#api.signOut().catch(() => {});
        this.#forget();
      }
      throw error;
    }
    if (life !== this.#life) return;
    this.#follow(cursor);
    this.outbox.restore();
    this.archive.open(this.state.session);
    this.dispatchEvent(new Event("session"));
  }

  #store() {
    storage.storeSession({ id: this.#id, token: this.#token, account: this.lastAccount, owner: this.lastOwner });
  }

  /** Whose session it is is known from here on. */
  async #meet(session, { life, token, keep }) {
    this.lastAccount = session.account;
    this.lastOwner = ownerOf(session);
    this.#store();
    const isAlone = !await isShownElsewhere(session.id);
    if (life !== this.#life) return;
    await this.drafts.open(session, isAlone);
    if (keep === undefined || life !== this.#life) return;
    const isKept = keep && await kept.keep(session, token);
    if (life === this.#life) this.isKept = isKept;
    // Whoever has left meanwhile wants nothing kept.
    if (life !== this.#life || !isKept) await kept.forget(ownerOf(session));
  }

  /** From here on nothing is kept beyond this tab. */
  async keepNoMore() {
    this.isKept = false;
    await kept.forget(ownerOf(this.state.session));
    this.dispatchEvent(new Event("session"));
  }

  /** A pause that `hurry` ends. */
  pause(milliseconds) { return this.#pause.last(milliseconds); }

  /** The person does not want to wait: whatever waits to be tried again is tried now. */
  hurry() {
    this.#pause.hurry();
    this.#reader?.hurry();
  }

  /** Something else heard that the session may be gone. */
  doubt() { this.#reader?.doubt(); }

  #follow(cursor) {
    const reader = new SharedReader(this.#id, this.#api, {
      events: events => this.#take(events),
      away: () => this.store.dispatch({ type: "gateway.away", since: new Date().toISOString() }),
      back: () => {
        this.store.dispatch({ type: "gateway.back" });
        this.outbox.sendWaiting();
      },
      gap: problem => this.recall.bridge(problem),
      ended: () => this.#ended(),
      lost: () => this.#lost(),
      signedOut: () => this.#leave()
    });
    this.#reader = reader;
    reader.run(cursor);
  }

  async #ended() {
    const life = this.#life;
    kept.lost(this.#id);
    let session = {};
    try { session = await this.#api.session(); } catch { /* What the events said will do. */ }
    // The events have said it already, and whoever has read that may have gone on.
    if (life !== this.#life) return;
    this.store.dispatch({ type: "ended", session });
    this.#drop();
  }

  #lost() {
    this.store.dispatch({ type: "ended", session: { state: "ended", reason: "gone" } });
    this.#drop();
  }

  /** Nothing more can be asked, but what there was can still be read. */
  #drop() {
    storage.forgetSession(this.#id);
    kept.lost(this.#id);
    this.outbox.keepWaiting();
    this.dispatchEvent(new Event("session"));
  }

  /** The person signs out, in all tabs of this browser, and nothing is kept of them but the history that they want. */
  async signOut() {
    const life = this.#life;
    const api = this.#api;
    const { session } = this.state;
    // Before any tab says so: a page that is left in the next moment would else come back signed in.
    if (session) await kept.forget(ownerOf(session));
    // Whoever was quicker, here or in another tab, tells the gateway.
    if (life !== this.#life) return;
    this.#reader?.leave();
    this.#leave();
    const next = this.#life;
    try {
      await api?.signOut();
    } catch (error) {
      // It ends by itself before long; whoever signs out should hear that it wasn't at once.
      if (next !== this.#life) return;
      this.farewell = { what: "signOut", error };
      this.dispatchEvent(new Event("session"));
    }
  }

  /** The person has signed out, here or in another tab. */
  #leave() {
    this.farewell = {};
    this.lastAccount = "";
    this.lastOwner = "";
    this.isKept = false;
    this.drafts.clear();
    this.#forget();
    this.dispatchEvent(new Event("left"));
  }

  /** Leaves an ended session behind, for signing in as the same person again, or as another one. */
  leaveEnded(isSamePerson) {
    if (this.#id) kept.lost(this.#id);
    this.lastAccount = isSamePerson ? this.state.session?.account ?? "" : "";
    if (!isSamePerson) {
      this.lastOwner = "";
      this.isKept = false;
    }
    this.#forget();
  }

  /** Another messenger has the same session: what this tab keeps of it is that one's from here on. */
  giveWay() {
    this.#id = null;
    this.#marks.giveWay();
    this.dispose();
  }

  /** Nobody needs it any more. */
  dispose() {
    clearInterval(this.#clock);
    this.#forget();
    this.drafts.close();
    this.#marks.dispose();
    this.archive.dispose();
  }

  #forget() {
    this.#life += 1;
    if (this.#id) storage.forgetSession(this.#id);
    calls.forget();
    this.#marks.close();
    this.archive.close();
    this.#reader?.stop();
    this.#reader = null;
    this.#id = null;
    this.#token = null;
    this.#api = null;
    this.outbox.clear();
    this.store.dispatch({ type: "signedOut" });
    this.dispatchEvent(new Event("session"));
  }

  // What happens

  #take(events) {
    this.dispatchEvent(new Event("arrival"));
    const before = this.state;
    this.store.dispatch({ type: "events", events, now: Date.now(), isNews: isWanted });
    this.#herald.announce(events, before);
    if (events.some(({ type, data }) => type === "session.state" && data.state === "online")) this.outbox.sendWaiting();
  }

  /** These entries are read, in the other tabs too. */
  readNews(keys) {
    if (keys.length === 0) return;
    for (const key of keys) this.drafts.release(key);
    this.store.dispatch({ type: "news.read", keys });
    this.#marks.readNews(keys);
  }

  /** Another tab, which has been there for longer, has said what is read. */
  #count() {
    if (!this.#isKnown) return;
    this.store.dispatch(...[...this.state.threads.keys()].map(key =>
      ({ type: "thread.read", key, seq: this.#marks.upTo(key), isBase: true })));
  }
}
