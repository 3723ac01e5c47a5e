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
    const api = this.#api();
    const subject = `problem:${what}`;
    try {
      await this.changing(call);
      if (api !== this.#api()) return true;
      // What did not work the last time has worked now.
      const { news } = this.#store.state;
      const keys = news.filter(entry => entry.subject === subject).map(({ key }) => key);
      this.#store.dispatch({ type: "news.read", keys });
      return true;
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      if (api !== this.#api()) return false;
      const key = uniqueName();
      const time = new Date().toISOString();
      this.#store.dispatch({ type: "news", kind: "problem", key, time, data: { what, ...explain(error) } });
      this.#tell(key);
      return false;
    }
  }

  /** For a field, which shows what went wrong itself. */
  async changing(call) {
    const api = this.#api();
    try {
      return await call(api);
    } catch (error) {
      if (api === this.#api() && (error instanceof Unreachable || error.status === 401)) this.#doubt();
      throw error;
    }
  }

  /** What a call answers changes the state, unless the session that was asked has been left meanwhile. */
  async #taking(call, actionOf) {
    const api = this.#api();
    const answer = await call(api);
    if (api === this.#api()) this.#store.dispatch(actionOf(answer));
  }

  /** The server is not waited for any longer; what becomes of it comes as an event. */
  reconnect() { return this.attempt("reconnect", api => api.reconnect()); }

  setPresence(status) {
    return this.attempt("presence", () => this.#taking(
      api => api.setPresence(status), answer => ({ type: "session.changed", changes: { status: answer.status } })));
  }

  renaming(name) {
    return this.changing(() => this.#taking(
      api => api.rename(name), ({ displayName }) => ({ type: "session.changed", changes: { displayName } })));
  }

  /** For a dialog, which shows what went wrong itself. */
  adding(account) { return this.#changing(api => api.add(account)); }

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
    return this.attempt(what, () => this.#changing(api => api.change(account, changes)));
  }

  #changing(call) { return this.#taking(call, contact => ({ type: "contact.changed", contact })); }

  settingPrivacy(privacy) {
    return this.changing(() => this.#taking(
      api => api.setPrivacy(privacy), answer => ({ type: "privacy.changed", privacy: answer })));
  }

  settingPhones(phones) {
    return this.changing(() => this.#taking(
      api => api.setPhones(phones), answer => ({ type: "phones.changed", phones: answer })));
  }
}
