// One call of the API: headers, JSON, problems.

import { calls } from "./calls.js";
import { Problem, Unreachable } from "./problem.js";

/** Beyond the longest wait of any call (50 s), with room for a slow network. */
const patience = 70_000;

export class Client {
  #token;

  /** @param {string|null} token a session's token or an API key */
  constructor(token = null) { this.#token = token; }

  /**
   * Calls and gives `{status, headers, body}`; the body is parsed where it is JSON.
   * Throws Problem, Unreachable, or what `signal` aborted with.
   */
  async call(method, path, { body, query, headers = {}, accept = "application/json", signal } = {}) {
    const response = await this.open(method, path, { body, query, headers, accept, signal });
    let text;
    try {
      text = response.status === 204 ? "" : await response.text();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw new Unreachable(error);
    }
    if (!response.ok) throw problemOf(response, text);
    const isJSON = /^application\/(?:\w+\+)?json\b/.test(response.headers.get("Content-Type") ?? "");
    return { status: response.status, headers: response.headers, body: isJSON && text ? JSON.parse(text) : text };
  }

  /** The response itself, for what is read as it comes. `endless` takes the time-out off. */
  async open(method, path, { body, query, headers = {}, accept, signal, endless = false } = {}) {
    const parameters = new URLSearchParams(
      Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null));
    const address = parameters.size > 0 ? `${path}?${parameters}` : path;
    const sent = { Accept: accept, ...headers };
    if (this.#token) sent.Authorization = `Bearer ${this.#token}`;
    if (body !== undefined) sent["Content-Type"] = "application/json";
    const noted = { ...sent };
    delete noted.Authorization;
    const ended = calls.begin({ method, path: address, body, headers: noted, hasToken: Boolean(this.#token) });
    const signals = [signal, endless ? null : AbortSignal.timeout(patience)].filter(Boolean);
    try {
      const response = await fetch(address, {
        method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store",
        credentials: "omit", redirect: "error", signal: signals.length > 0 ? AbortSignal.any(signals) : undefined
      });
      ended(response.status);
      return response;
    } catch (error) {
      ended(null);
      if (signal?.aborted) throw signal.reason;
      throw new Unreachable(error);
    }
  }
}

/** The problem of an answer that isn't one of success. */
export function problemOf(response, text) {
  let document = null;
  try { document = JSON.parse(text); } catch { /* A proxy's own page; the status says enough. */ }
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Problem(response.status, document, Number.isFinite(seconds) ? seconds : null);
}
