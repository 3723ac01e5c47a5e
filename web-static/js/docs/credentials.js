// Whose calls are tried: a token that the reader gives, or one of the sandbox. It stays in this page.

import { loadSessions } from "../session/storage.js";

class Credentials extends EventTarget {
  token = "";
  /** The session that the token opens, as far as known. */
  session = "";
  account = "";

  /** A token or a key; which session it opens is asked of the gateway. */
  async use(token, session = null) {
    this.token = token;
    this.session = session?.id ?? "";
    this.account = session?.account ?? "";
    this.#changed();
    if (!token || session) return;
    const response = await fetch("/v1/sessions", { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
    if (!response.ok || this.token !== token) return;
    const { sessions } = await response.json();
    // A key may have many, of which the reader chooses.
    if (sessions.length !== 1) return;
    this.session = sessions[0].id;
    this.account = sessions[0].account;
    this.#changed();
  }

  /** Signs in to the sandbox; whether that worked. */
  async signIn() {
    const response = await fetch("/v1/sessions", {
      method: "POST", headers: { "Content-Type": "application/json" }, cache: "no-store",
      body: JSON.stringify({ account: "alice@example.com", password: "sandbox", backend: "sandbox" })
    });
    if (!response.ok) return false;
    const { session, token } = await response.json();
    await this.use(token, session);
    return true;
  }

  /** What this tab is signed in with on the messenger's page, if it is. */
  get ofTab() { return loadSessions()[0] ?? null; }

  #changed() { this.dispatchEvent(new Event("change")); }
}

export const credentials = new Credentials();

/** Whether this gateway has a sandbox that lets in whoever asks. */
export async function hasSandbox() {
  const { backends, signIn } = await (await fetch("/v1")).json();
  return signIn === "open" && backends.includes("sandbox");
}
