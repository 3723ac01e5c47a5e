// The calls of one session, one method for each.

import { Client } from "./client.js";

const segment = encodeURIComponent;

export class SessionAPI {
  #client;
  #path;

  constructor(id, token) {
    this.#client = new Client(token);
    this.#path = `/v1/sessions/${segment(id)}`;
  }

  async #ask(method, path, options) { return (await this.#client.call(method, this.#path + path, options)).body; }

  session() { return this.#ask("GET", ""); }
  snapshot(signal) { return this.#ask("GET", "/snapshot", { signal }); }
  /** The next attempt to come back begins now, or is under way. */
  reconnect() { return this.#ask("POST", "/reconnect"); }
  rename(displayName) { return this.#ask("PATCH", "", { body: { displayName } }); }
  signOut() { return this.#ask("DELETE", ""); }

  events(query, signal) { return this.#ask("GET", "/events", { query, signal }); }
  trace(signal) {
    return this.#client.open("GET", `${this.#path}/trace`, { accept: "text/event-stream", signal, endless: true });
  }

  setPresence(status) { return this.#ask("PUT", "/presence", { body: { status } }); }
  setPrivacy(privacy) { return this.#ask("PUT", "/privacy", { body: privacy }); }
  setPhones(phones) { return this.#ask("PATCH", "/phones", { body: phones }); }

  add(account) { return this.#ask("PUT", `/contacts/${segment(account)}`, { body: {} }); }
  change(account, changes) { return this.#ask("PATCH", `/contacts/${segment(account)}`, { body: changes }); }
  remove(account) { return this.#ask("DELETE", `/contacts/${segment(account)}`); }

  sendTo(to, message) { return this.#send("/messages", { to, ...message }); }
  sendIn(conversation, message) { return this.#send(`/conversations/${segment(conversation)}/messages`, message); }

  /**
   * Answered as soon as the gateway has the message, which lets the next one go; what becomes of it comes as an event.
   * The `clientRef` is the idempotency key too: a call that is repeated after a lost answer sends nothing twice.
   */
  #send(path, message) {
    const headers = { Prefer: "respond-async", "Idempotency-Key": message.clientRef };
    return this.#ask("POST", path, { body: message, headers });
  }

  openConversation(participants) { return this.#ask("POST", "/conversations", { body: { participants } }); }
  leave(conversation) { return this.#ask("DELETE", `/conversations/${segment(conversation)}`); }
  invite(conversation, account) {
    return this.#ask("POST", `/conversations/${segment(conversation)}/participants`, { body: { account } });
  }
  type(conversation) { return this.#ask("POST", `/conversations/${segment(conversation)}/typing`); }

  services() { return this.#ask("GET", "/services"); }
  service(name) { return this.#ask("GET", `/services/${segment(name)}`); }
  form(name) { return this.#ask("POST", `/services/${segment(name)}/form`); }
  /** The page that posts the form, with the policy that the gateway gives it. */
  formPage(name) {
    return this.#client.call("POST", `${this.#path}/services/${segment(name)}/form`, { accept: "text/html" });
  }
}
