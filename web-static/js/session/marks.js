// How far each thread has been read, and which news: kept in the tab for a reload, and shared by the tabs of one session.

import { loadRead, storeRead } from "./storage.js";

const channelName = "msnp-gateway.read";
/** News that count as read: more than a tab lists. The oldest are forgotten first, as the journal does. */
const mostNews = 400;

export class Marks {
  #session = null;
  /** By thread, the last `seq` that was read; null while nothing is known, and what is found counts as read. */
  #up = null;
  #hidden = [];
  #news = new Set();
  /** Whether another tab, which has been there for longer, may still say what is read. */
  #isNew = false;
  /** What each thread was when it was last told to be read. */
  #told = new Map();
  #channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(channelName) : null;
  #listener;

  /**
   * `listener` has `base()`, after which everything is to be counted anew, `read(key, seq)` and `newsRead(keys)`, for what
   * other tabs tell.
   */
  constructor(listener) {
    this.#listener = listener;
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data));
  }

  /** Begins with what this tab knew before it was loaded again, or asks the others. */
  open(session, isReload) {
    const kept = isReload ? loadRead(session) : null;
    this.#session = session;
    this.#up = kept?.up ?? null;
    this.#hidden = kept?.hidden ?? [];
    this.#news = new Set(kept?.news ?? []);
    this.#isNew = kept === null;
    this.#told.clear();
    if (this.#isNew) {
      storeRead(session, null);
      this.#tell({ kind: "hello" });
    }
  }

  close() {
    if (this.#session) storeRead(this.#session, null);
    this.#session = null;
    this.#up = null;
  }

  /** What this tab keeps of it is somebody else's from here on. */
  giveWay() { this.#session = null; }

  /** Nobody marks anything here any more. */
  dispose() { this.#channel?.close(); }

  get hidden() { return this.#hidden; }

  upTo(key) { return this.#up ? this.#up[key] ?? 0 : Infinity; }

  isNewsRead(key) { return this.#up === null || this.#news.has(key); }

  /** Takes down what the state says. */
  note({ threads, threadSeq, attention }) {
    const up = {};
    const hidden = [];
    const read = {};
    for (const thread of threads.values()) {
      const { key } = thread;
      up[key] = thread.unread === 0 ? threadSeq : this.#up?.[key] ?? 0;
      if (!thread.visible) hidden.push(key);
      const told = this.#told.get(key);
      // Read by the person here, and not only nothing new.
      const isRead = thread.unread === 0 && (key === attention ? told !== thread : told?.unread > 0);
      if (isRead) read[key] = threadSeq;
      this.#told.set(key, thread);
    }
    if (Object.keys(read).length > 0) this.#tell({ kind: "read", up: read });
    const isSame = this.#up && this.#hidden.join() === hidden.join()
      && Object.keys(up).length === Object.keys(this.#up).length
      && Object.entries(up).every(([key, seq]) => this.#up[key] === seq);
    if (isSame) return;
    this.#up = up;
    this.#hidden = hidden;
    this.#keep();
  }

  readNews(keys) {
    this.#addNews(keys);
    this.#tell({ kind: "news", keys });
  }

  #addNews(keys) {
    for (const key of keys) this.#news.add(key);
    this.#news = new Set([...this.#news].slice(-mostNews));
    this.#keep();
  }

  #keep() { storeRead(this.#session, { up: this.#up ?? {}, hidden: this.#hidden, news: [...this.#news] }); }

  #tell(message) { this.#channel?.postMessage({ session: this.#session, ...message }); }

  #hear({ session, kind, up, news, keys }) {
    if (!session || session !== this.#session) return;
    switch (kind) {
      case "hello":
        if (this.#up) this.#tell({ kind: "marks", up: this.#up, news: [...this.#news] });
        return;
      case "marks":
        if (!this.#isNew) return;
        this.#isNew = false;
        this.#up = up;
        this.#addNews(news);
        this.#listener.base();
        return;
      case "read":
        for (const [key, seq] of Object.entries(up)) {
          if (this.#up) this.#up[key] = Math.max(this.#up[key] ?? 0, seq);
          this.#listener.read(key, seq);
        }
        return;
      case "news":
        this.#addNews(keys);
        this.#listener.newsRead(keys);
        return;
      default:
    }
  }
}
