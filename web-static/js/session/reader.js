// Reads a session's events by long-polling: each once, in order, through gaps, restarts and lost networks.

import { Problem, Unreachable } from "../api/problem.js";
import { Pause } from "../core/pause.js";

/** Seconds that a poll waits on the gateway: proxies cut at 30 and more. */
const wait = 25;
/** Events in one answer, the most that the API allows: a backlog takes few round trips. */
const limit = 500;
/** Milliseconds between attempts while the gateway is away: growing, and never long for a person who watches. */
const pauses = [500, 1000, 2000, 4000, 8000];

export class Reader {
  #api;
  #listener;
  #abort = new AbortController();
  #pause = new Pause();
  #failures = 0;
  /** Ends the poll that waits, and whether the next one asks for an answer at once. */
  #poll = null;
  #isDoubtful = false;

  /**
   * `listener` has `page({after, next, events})`, `away()`, `back()`, `gap(problem)` which resolves to the cursor to go on
   * from, `ended()` and `lost(problem)`.
   */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
  }

  /** Follows the events from a cursor on; with `isOnce` as far as they go now. */
  async run(start, isOnce = false) {
    let cursor = start;
    const { signal } = this.#abort;
    const hurry = () => this.hurry();
    window.addEventListener("online", hurry, { signal });
    window.addEventListener("offline", () => this.doubt(), { signal });
    document.addEventListener("visibilitychange", hurry, { signal });
    while (!signal.aborted) {
      try {
        this.#poll = new AbortController();
        const after = cursor;
        const query = { after, limit, wait: isOnce || this.#failures > 0 || this.#isDoubtful ? 0 : wait };
        const page = await this.#api.events(query, AbortSignal.any([signal, this.#poll.signal]));
        cursor = page.next;
        this.#listener.page({ after, next: cursor, events: page.events });
        this.#succeeded();
        if (page.ended) return this.#listener.ended();
        if (isOnce && !page.more) return undefined;
      } catch (error) {
        if (signal.aborted) return undefined;
        // Only looked at anew: the cursor is where it was, so nothing is lost.
        if (this.#poll.signal.aborted) continue;
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        if (error.status === 401 || error.status === 404) return this.#listener.lost(error);
        try {
          if (error.status === 410 || error.code === "invalid-cursor") {
            cursor = await this.#listener.gap(error);
            if (signal.aborted) return undefined;
            this.#succeeded();
            continue;
          }
        } catch (failure) {
          if (signal.aborted) return undefined;
          if (failure.status === 401 || failure.status === 404) return this.#listener.lost(failure);
        }
        await this.#wait(error);
      }
    }
    return undefined;
  }

  /** Something else went wrong on the way to the gateway: a poll that waits may wait for nobody. */
  doubt() {
    this.#isDoubtful = true;
    if (this.#failures === 0) this.#poll?.abort(new DOMException("the way to the gateway is in doubt", "AbortError"));
  }

  /** Does not wait any longer before it tries again. */
  hurry() { this.#pause.hurry(); }

  stop() {
    this.#abort.abort(new DOMException("the reader was stopped", "AbortError"));
    this.hurry();
  }

  #succeeded() {
    if (this.#failures === 0 && !this.#isDoubtful) return;
    this.#failures = 0;
    this.#isDoubtful = false;
    this.#listener.back();
  }

  async #wait(error) {
    const asked = error.status === 429 ? (error.retryAfter ?? 1) * 1000 : 0;
    if (!asked) this.#listener.away();
    const usual = pauses[Math.min(this.#failures, pauses.length - 1)];
    this.#failures += 1;
    // With jitter: all pages of a gateway that comes back would call at the same instant.
    await this.#pause.last(asked || usual * (0.75 + Math.random() / 2), asked > 0);
  }
}
