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

  /**
   * Reads everything; resolves to the snapshot's cursor. `known(snapshot)` is done before anything is shown of it. Nothing is
   * shown of a session that is left meanwhile.
   */
  async read(signal, known = () => {}) {
    const api = this.#api();
    const snapshot = await api.snapshot(signal);
    if (api !== this.#api()) return snapshot.cursor;
    await known(snapshot);
    if (api !== this.#api()) return snapshot.cursor;
    signal?.throwIfAborted();
    const { hidden } = this.#marks;
    this.isReading = true;
    try {
      this.#store.dispatch({ type: "opened", snapshot });
      await this.#readJournal();
    } finally {
      if (api === this.#api()) this.isReading = false;
    }
    if (api !== this.#api()) return snapshot.cursor;
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
    const cursor = await this.read();
    if (api !== this.#api()) return cursor;
    const message = {
      key: uniqueName(), kind: "notice", what: "missed", missed: problem.missed, time: new Date().toISOString()
    };
    const keys = [...this.#store.state.threads.keys()];
    this.#store.dispatch(...keys.map(key => ({ type: "thread.notice", key, message })));
    return cursor;
  }

  /** Page by page, so that the page stays alive while a long journal is taken in. */
  async #readJournal() {
    const api = this.#api();
    let position = "oldest";
    let isCut = false;
    while (api === this.#api()) {
      let page;
      try {
        page = await api.events({ after: position, limit: 500, wait: 0 });
      } catch (error) {
        if (api !== this.#api()) return;
        // The oldest go while they are read; what was read counts.
        if (error.status === 410) return;
        if (!(error instanceof Unreachable) && !(error.status >= 429)) throw error;
        this.#store.dispatch({ type: "gateway.away", since: new Date().toISOString() });
        await this.#pause(pauseWhileAway);
        continue;
      }
      if (api !== this.#api()) return;
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
