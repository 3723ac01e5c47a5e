// Says of what happens what a person should hear of, each thing once.

import { fold } from "../state/contacts.js";
import { personKey } from "../state/threads.js";

export class Herald {
  #store;
  #tell;

  /** `tell(detail)` is called with each: `{kind: "news", entry}`, `{kind: "message", …}` or `{kind: "request", …}`. */
  constructor(store, tell) {
    this.#store = store;
    this.#tell = tell;
  }

  /** `before` is the state before these events. */
  announce(events, before) {
    for (const event of events) this.#announce(event, before);
  }

  /** Tells of an entry of the news, if there is one of that key. */
  tellNews(key) {
    const entry = this.#store.state.news.find(other => other.key === key);
    if (entry) this.#tell({ kind: "news", entry });
  }

  #announce({ type, data, id }, before) {
    switch (type) {
      case "presence.changed":
        // Whose coming has not been read yet comes and goes without more words.
        if (!before.news.some(entry => entry.subject === `came:${fold(data.account)}`)) this.tellNews(id);
        return;
      case "contact.request":
        // Said once, however often the server repeats it.
        if (before.contacts.get(fold(data.account))?.pending) return;
        this.#tell({ kind: "request", account: data.account, name: data.displayName });
        return;
      case "message.received": {
        const { conversations, front } = this.#store.state;
        const isGroup = conversations.get(data.conversationId)?.group;
        const key = isGroup ? `c:${data.conversationId}` : personKey(data.from);
        // What is in front is heard from the conversation itself, also by whoever reads further up in it.
        if (key !== front) this.#tell({ kind: "message", key, name: data.displayName, text: data.text ?? "" });
        return;
      }
      default:
        this.tellNews(id);
    }
  }
}
