// Takes down in the archive what the state has of conversations: what is said now, and what the journal still had.

/** What is still on its way has no outcome to keep. */
const isSettled = message => message.kind === "text" && message.id && !message.isKept
  && !["sending", "waiting", "kept"].includes(message.delivery);

export class Recorder {
  #store;
  #archive;
  /** Messages as they were taken down: another object is another state of it. */
  #noted = new WeakSet();
  #isWriting = false;
  #isStale = false;

  constructor(store, archive) {
    this.#store = store;
    this.#archive = archive;
    store.addEventListener("change", () => this.#note());
    archive.addEventListener("change", () => {
      this.#noted = new WeakSet();
      this.#note();
    });
  }

  async #note() {
    this.#isStale = true;
    if (this.#isWriting || !this.#archive.isOpen) return;
    this.#isWriting = true;
    try {
      while (this.#isStale && this.#archive.isOpen) {
        this.#isStale = false;
        for (const thread of this.#store.state.threads.values()) await this.#take(thread);
      }
    } catch { /* The browser's room is full, which the archive tells, or it is being forgotten: what is said goes on. */
    } finally {
      this.#isWriting = false;
    }
  }

  async #take(thread) {
    const news = thread.messages.filter(message => !this.#noted.has(message) && isSettled(message));
    if (news.length === 0) return;
    await this.#archive.add(thread, news);
    // Only then: what did not find room is tried again with the next change.
    for (const message of news) this.#noted.add(message);
  }
}
