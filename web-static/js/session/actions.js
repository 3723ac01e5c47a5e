// What a person asks for: the own presence and name, contacts, settings. Each is one call and what its answer changes.

import { Problem, Unreachable } from "../api/problem.js";
import { explain } from "../core/explain.js";
import { uniqueName } from "../core/random.js";

export class Actions {
  #store;
  #api;
  #doubt;
  #tell;

  /**
   * `api()` is the session's; `doubt()` is called when the gateway did not answer, or no longer knows the session;
   * `tell(key)` shows an entry of the news.
   */
  constructor(store, { api, doubt, tell }) {
    this.#store = store;
    this.#api = api;
    this.#doubt = doubt;
    this.#tell = tell;
  }

  /** Carries out a call; what goes wrong becomes news under `strings.failed[what]`. True when it worked. */
  async attempt(what, call) {
    const subject = `problem:${what}`;
    try {
      await this.changing(call);
      // What did not work the last time has worked now.
      const { news } = this.#store.state;
      const keys = news.filter(entry => entry.subject === subject).map(({ key }) => key);
      this.#store.dispatch({ type: "news.read", keys });
      return true;
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      const key = uniqueName();
      const time = new Date().toISOString();
      this.#store.dispatch({ type: "news", kind: "problem", key, time, data: { what, ...explain(error) } });
      this.#tell(key);
      return false;
    }
  }

  /** For a field, which shows what went wrong itself. */
  async changing(call) {
    try {
      return await call(this.#api());
    } catch (error) {
      if (error instanceof Unreachable || error.status === 401) this.#doubt();
      throw error;
    }
  }

  /** The server is not waited for any longer; what becomes of it comes as an event. */
  reconnect() { return this.attempt("reconnect", api => api.reconnect()); }

  setPresence(status) {
    return this.attempt("presence", async api => {
      const answer = await api.setPresence(status);
      this.#store.dispatch({ type: "session.changed", changes: { status: answer.status } });
    });
  }

  renaming(name) {
    return this.changing(async api => {
      const session = await api.rename(name);
      this.#store.dispatch({ type: "session.changed", changes: { displayName: session.displayName } });
    });
  }

  /** For a dialog, which shows what went wrong itself. */
  async adding(account) { this.#changed(await this.#api().add(account)); }

  add(account) { return this.attempt("add", () => this.adding(account)); }

  block(account) { return this.#change("block", account, { blocked: true }); }
  unblock(account) { return this.#change("unblock", account, { blocked: false }); }
  remove(account) { return this.attempt("remove", api => api.remove(account)); }

  accept(account, addToo) {
    if (!addToo) return this.#change("accept", account, { allowed: true });
    return this.attempt("accept", () => this.adding(account));
  }

  decline(account) { return this.#change("decline", account, { blocked: true }); }

  #change(what, account, changes) {
    return this.attempt(what, async api => this.#changed(await api.change(account, changes)));
  }

  #changed(contact) { this.#store.dispatch({ type: "contact.changed", contact }); }

  settingPrivacy(privacy) {
    return this.changing(async api => {
      this.#store.dispatch({ type: "privacy.changed", privacy: await api.setPrivacy(privacy) });
    });
  }

  settingPhones(phones) {
    return this.changing(async api => {
      this.#store.dispatch({ type: "phones.changed", phones: await api.setPhones(phones) });
    });
  }
}
