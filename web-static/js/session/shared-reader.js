// Reads a session's events once for all tabs of this browser that show it. One of them polls, and tells the others what came.
//
// Which one is decided by a lock that the browser gives to the next tab when its holder goes (Web Locks). Each tab knows its
// own place: whatever does not go on from there it reads itself, once. So when the one that polls closes, crashes or is
// frozen, the next goes on where it was, with nothing lost and nothing twice. Without locks each tab polls for itself.

import { Reader } from "./reader.js";

const prefix = "msnp-gateway.reader";
/**
 * Milliseconds of silence after which the tab that polls counts as dead: more than any call takes (70 s), and it says something
 * after each. It may be one that the browser has stopped without a word.
 */
const patience = 90_000;

const lockOf = session => `${prefix} ${session}`;

/** Whether another tab of this browser shows a session. */
export async function isShownElsewhere(session) {
  if (!navigator.locks) return false;
  const { held, pending } = await navigator.locks.query();
  return [...held, ...pending].some(({ name }) => name === lockOf(session));
}

export class SharedReader {
  #session;
  #api;
  #listener;
  #cursor = null;
  #channel = null;
  /** Of the tab that polls: its reader. */
  #leader = null;
  /** Of the others: what reads what they have not been told. */
  #catcher = null;
  #isStale = false;
  #isAway = false;
  #isStopped = false;
  /** Takes this tab out of the row of those that wait to poll. */
  #turn = new AbortController();
  #silence = null;
  #gone = new AbortController();

  /**
   * `listener` has `events(list)`, `away()`, `back()`, `gap(problem)` which resolves to the cursor to go on from, `ended()`,
   * `lost(problem)`, and `signedOut()` for a person who has signed out in another tab.
   */
  constructor(session, api, listener) {
    this.#session = session;
    this.#api = api;
    this.#listener = listener;
  }

  run(start) {
    this.#cursor = start;
    if (!navigator.locks) {
      this.#lead();
      return;
    }
    this.#channel = new BroadcastChannel(lockOf(this.#session));
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    const { signal } = this.#gone;
    // A frozen tab keeps its locks: before that it lets another one poll.
    document.addEventListener("freeze", () => this.#rest(), { signal });
    document.addEventListener("resume", () => this.#join(), { signal });
    window.addEventListener("pagehide", () => this.#rest(), { signal });
    window.addEventListener("pageshow", event => event.persisted && this.#join(), { signal });
    this.#join();
  }

  /** Something else went wrong on the way to the gateway. */
  doubt() {
    if (this.#leader) {
      this.#leader.doubt();
    } else {
      this.#tell({ kind: "doubt" });
      this.#catchUp();
    }
  }

  /** Does not wait any longer before it tries again. */
  hurry() {
    this.#leader?.hurry();
    this.#catcher?.hurry();
    if (!this.#leader) this.#tell({ kind: "hurry" });
  }

  /** The person signs out, here and in every other tab. */
  leave() {
    this.#tell({ kind: "signedOut" });
    this.stop();
  }

  stop() {
    if (this.#isStopped) return;
    this.#rest();
    this.#isStopped = true;
    this.#gone.abort();
    this.#channel?.close();
  }

  /** Takes part: polls, or follows whoever does and waits for its turn. */
  #join() {
    if (!this.#isStopped) this.#poll("now");
  }

  /** Takes no part: another tab polls. */
  #rest() {
    clearTimeout(this.#silence);
    this.#turn.abort();
    this.#leader?.stop();
    this.#leader = null;
    this.#catcher?.stop();
    this.#catcher = null;
  }

  /** Polls from when the lock is this tab's: `now` or not at all, in its `turn`, or by `force` from a tab that is silent. */
  async #poll(how) {
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    const { signal } = turn;
    const options = { now: { ifAvailable: true }, turn: { signal }, force: { steal: true } };
    try {
      await navigator.locks.request(lockOf(this.#session), options[how], lock => {
        if (signal.aborted) return undefined;
        if (!lock) {
          this.#follow();
          return undefined;
        }
        this.#lead();
        // Until this tab rests.
        return new Promise(resolve => { signal.addEventListener("abort", resolve); });
      });
    } catch (error) {
      if (signal.aborted || this.#isStopped) return;
      // Where the browser refuses locks it is as if there were none.
      if (error.name !== "AbortError") {
        this.#lead();
        return;
      }
      // Another tab took this one for dead.
      this.#rest();
      this.#join();
    }
  }

  #follow() {
    this.#poll("turn");
    this.#listen();
    // What came before this tab listened was told to others.
    this.#catchUp();
  }

  #lead() {
    clearTimeout(this.#silence);
    this.#catcher?.stop();
    this.#catcher = null;
    const leader = new Reader(this.#api, {
      ...this.#ears(),
      page: page => {
        this.#take(page);
        this.#tell({ kind: "page", ...page });
      },
      away: () => {
        this.#away();
        this.#tell({ kind: "away" });
      },
      back: () => {
        this.#back();
        this.#tell({ kind: "back" });
      },
      ended: () => {
        this.#tell({ kind: "ended" });
        this.#end(() => this.#listener.ended());
      }
    });
    this.#leader = leader;
    // Whether the gateway is back is known at once by whoever asks without waiting.
    if (this.#isAway) leader.doubt();
    leader.run(this.#cursor);
  }

  /** What this tab is told by its own reader, of either kind. */
  #ears() {
    return {
      page: page => this.#take(page),
      away: () => this.#away(),
      back: () => {
        this.#back();
        // The tab that polls may still wait to find that out.
        this.#tell({ kind: "hurry" });
      },
      gap: problem => this.#listener.gap(problem),
      ended: () => this.#end(() => this.#listener.ended()),
      // Another tab may have a token that is still good.
      lost: problem => this.#end(() => this.#listener.lost(problem))
    };
  }

  #take({ next, events }) {
    this.#cursor = next;
    if (events.length > 0) this.#listener.events(events);
  }

  #away() {
    this.#isAway = true;
    this.#listener.away();
  }

  #back() {
    this.#isAway = false;
    this.#listener.back();
  }

  #end(tell) {
    this.stop();
    tell();
  }

  /** Reads what this tab was not told. */
  async #catchUp() {
    this.#isStale = true;
    if (this.#leader || this.#catcher || this.#isStopped) return;
    const catcher = new Reader(this.#api, this.#ears());
    this.#catcher = catcher;
    while (this.#isStale && this.#catcher === catcher) {
      this.#isStale = false;
      if (this.#isAway) catcher.doubt();
      await catcher.run(this.#cursor, true);
    }
    if (this.#catcher === catcher) this.#catcher = null;
  }

  #tell(message) {
    if (!this.#isStopped) this.#channel?.postMessage(message);
  }

  #hear({ kind, ...page }) {
    if (this.#isStopped) return;
    if (kind === "signedOut") {
      this.#end(() => this.#listener.signedOut());
      return;
    }
    // Of the tabs that don't poll.
    if (kind === "doubt") {
      this.#leader?.doubt();
      return;
    }
    if (kind === "hurry") {
      this.#leader?.hurry();
      this.#catcher?.hurry();
      return;
    }
    if (this.#leader) return;
    this.#listen();
    switch (kind) {
      case "page":
        if (this.#catcher || page.after !== this.#cursor) {
          if (page.next !== this.#cursor) this.#catchUp();
          this.#catcher?.hurry();
        } else {
          this.#take(page);
        }
        return;
      case "away":
        this.#away();
        return;
      case "back":
        this.#back();
        this.#catcher?.hurry();
        return;
      case "ended":
        // After the last events, which this tab may not have.
        this.#catchUp();
        return;
      default:
    }
  }

  /** The tab that polls is there; from now on it may be silent for so long. */
  #listen() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (!this.#leader && !this.#isStopped) this.#poll("force");
    }, patience);
  }
}
