// What a person does with conversations besides writing in them: opening, inviting, leaving, closing.

import { fold } from "../state/contacts.js";

export class Conversations {
  #store;
  #api;
  #attempt;

  /** `api()` is the session's; `attempt(what, call)` carries out a call and tells what goes wrong. */
  constructor(store, { api, attempt }) {
    this.#store = store;
    this.#api = api;
    this.#attempt = attempt;
  }

  /** Opens the thread with somebody, before there is any conversation. */
  openPerson(account) {
    const contact = this.#store.state.contacts.get(fold(account));
    this.#store.dispatch({
      type: "thread.person", account: contact?.account ?? account, displayName: contact?.displayName ?? account
    });
  }

  /** For a dialog, which shows what went wrong itself. */
  async inviting(key, account) {
    const api = this.#api();
    const thread = this.#store.state.threads.get(key);
    const { conversationId } = thread;
    if (!conversationId) {
      const people = [...thread.participants.map(person => person.account), account];
      const conversation = await api.openConversation(people);
      if (api !== this.#api()) return;
      this.#store.dispatch({ type: "thread.conversation", conversation, from: key });
      return;
    }
    this.#store.dispatch({ type: "invite.begun", conversationId });
    try {
      await api.invite(conversationId, account);
    } catch (error) {
      this.#store.dispatch({ type: "invite.failed", conversationId });
      throw error;
    }
  }

  async leave(key) {
    const thread = this.#store.state.threads.get(key);
    const api = this.#api();
    const isLeft = !thread?.conversationId || await this.#attempt("leave", api => api.leave(thread.conversationId));
    if (isLeft && api === this.#api()) this.hide(key);
    return isLeft;
  }

  hide(key) {
    const others = [...this.#store.state.threads.values()].filter(thread => thread.visible && thread.key !== key);
    this.#store.dispatch({ type: "thread.hidden", key, next: others.at(-1)?.key ?? null });
  }
}
