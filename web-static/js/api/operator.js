// What an operator may ask with an admin key.

import { Client } from "./client.js";

export class OperatorAPI {
  #client;

  constructor(key) { this.#client = new Client(key); }

  /** What everybody may know of the gateway, and for an admin's key what is held against which server. */
  async gateway(signal) { return (await this.#client.call("GET", "/v1", { signal })).body; }
  async sessions(signal) { return (await this.#client.call("GET", "/v1/sessions", { signal })).body.sessions; }
  /** Name, scopes, creation and last use of each API key. */
  async keys(signal) { return (await this.#client.call("GET", "/v1/keys", { signal })).body.keys; }
  /** Of all keys for an admin's, else those of the key. */
  async webhooks(signal) { return (await this.#client.call("GET", "/v1/webhooks", { signal })).body.webhooks; }
  async setWebhook(id, enabled) {
    await this.#client.call("PATCH", `/v1/webhooks/${encodeURIComponent(id)}`, { body: { enabled } });
  }
  /** What came of sending something to it. */
  async testWebhook(id) {
    return (await this.#client.call("POST", `/v1/webhooks/${encodeURIComponent(id)}/test`)).body;
  }
  async end(id) { await this.#client.call("DELETE", `/v1/sessions/${encodeURIComponent(id)}`); }
  async metrics(signal) {
    return (await this.#client.call("GET", "/metrics", { accept: "text/plain", signal })).body;
  }
}
