// Reads what there is when a session is begun or events were missed: the snapshot first, then what the journal still has of
// conversations and news.

import { Unreachable } from "../api/problem.js";
import { uniqueName } from "../core/random.js";

/** Milliseconds between attempts to read the journal while the gateway is away. */
const pauseWhileAway = 2000;

export class Recall {
  #store;
  #marks;
  #api;
  #pause;
  #isNews;
  /** While the journal is read, what is unread is not known yet. */
  isReading = false;
  /** Where all conversations are built anew, until that is done: a promise that is kept then, well or not; else null. */
  #rebuilding = null;
  /** Counts the readings. */
  #turn = 0;

  /**
   * `api()` is the session's, null once it is left; `pause(milliseconds)` resolves after that time, or when nobody wants to
   * wait; `isNews(entry)` says whether an entry of the news is wanted.
   */
  constructor({ store, marks, api, pause, isNews }) {
    this.#store = store;
    this.#marks = marks;
    this.#api = api;
    this.#pause = pause;
    this.#isNews = isNews;
  }

  /** Whether conversations are built anew: until that is done nobody knows which of their messages is the first. */
  get isRebuilding() { return this.#rebuilding !== null; }

  /** Resolves once it is known. */
  async whenBuilt() { while (this.#rebuilding) await this.#rebuilding; }

  /**
   * Reads everything; resolves to the snapshot's cursor. `known(snapshot)` is done before anything is shown of it. Nothing is
   * shown of a session that is left meanwhile, nor by a reading after which another was begun.
   */
  async read(signal, known = () => {}) {
    this.#turn += 1;
    const turn = this.#turn;
    const api = this.#api();
    let end = null;
    // From nothing, or from what another reading had of it when this one took its place.
    if (this.#store.state.threadSeq === 0 || this.#rebuilding) this.#rebuilding = new Promise(resolve => { end = resolve; });
    try {
      return await this.#read(api, signal, known, () => turn === this.#turn && api === this.#api());
    } finally {
      if (turn === this.#turn) {
        this.isReading = false;
        this.#rebuilding = null;
      }
      end?.();
    }
  }

  async #read(api, signal, known, isWanted) {
    const snapshot = await api.snapshot(signal);
    if (!isWanted()) return snapshot.cursor;
    await known(snapshot);
    if (!isWanted()) return snapshot.cursor;
    signal?.throwIfAborted();
    const { hidden } = this.#marks;
    this.isReading = true;
    this.#store.dispatch({ type: "opened", snapshot });
    await this.#readJournal(api, isWanted);
    if (!isWanted()) return snapshot.cursor;
    this.isReading = false;
    this.#rebuilding = null;
    const { state } = this.#store;
    if (state.phase === "live") this.#marks.note(state);
    this.#store.dispatch(...hidden.filter(key => !state.threads.get(key)?.unread)
      .map(key => ({ type: "thread.hidden", key, next: this.#store.state.active })));
    return snapshot.cursor;
  }

  /** Events were missed: everything is read anew, and the threads say so. */
  async bridge(problem) {
    const api = this.#api();
    if (problem.missed === null) this.#store.dispatch({ type: "forgotten" });
    const turn = this.#turn + 1;
    const cursor = await this.read();
    // Whoever has begun anew says it.
    if (turn !== this.#turn || api !== this.#api()) return cursor;
    const message = {
      key: uniqueName(), kind: "notice", what: "missed", missed: problem.missed, time: new Date().toISOString()
    };
    const keys = [...this.#store.state.threads.keys()];
    this.#store.dispatch(...keys.map(key => ({ type: "thread.notice", key, message })));
    return cursor;
  }

  /** Page by page, so that the page stays alive while a long journal is taken in. */
  async #readJournal(api, isWanted) {
    let position = "oldest";
    let isCut = false;
    while (isWanted()) {
      let page;
      try {
        page = await api.events({ after: position, limit: 500, wait: 0 });
      } catch (error) {
        if (!isWanted()) return;
        // The oldest go while they are read; what was read counts.
        if (error.status === 410) return;
        if (!(error instanceof Unreachable) && !(error.status >= 429)) throw error;
        this.#store.dispatch({ type: "gateway.away", since: new Date().toISOString() });
        await this.#pause(pauseWhileAway);
        continue;
      }
      if (!isWanted()) return;
      if (position === "oldest") isCut = page.events.length > 0 && page.events[0].seq > 1;
      if (this.#store.state.gatewayAwaySince) this.#store.dispatch({ type: "gateway.back" });
      this.#store.dispatch({
        type: "remembered", events: page.events, isCut, readUpTo: key => this.#marks.upTo(key),
        isNews: entry => this.#isNews(entry) && !this.#marks.isNewsRead(entry.key)
      });
      if (!page.more) return;
      position = page.next;
    }
  }
}
