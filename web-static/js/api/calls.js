// What this page has asked its gateway, for those who want to do the same: each call without its credentials.

/** Calls that are remembered. */
const most = 300;
/** Members of a body whose value lets somebody in. */
const secret = new Set(["password", "key", "token"]);

const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

const withoutSecrets = body => JSON.stringify(body, (name, value) => (secret.has(name) ? "…" : value));

class Calls extends EventTarget {
  #calls = [];
  #count = 0;

  get all() { return this.#calls; }

  /** What one person has asked is no business of the next one at this tab. */
  forget() { this.#calls = []; }

  /** Takes down a call that begins; the result is called with its status, or null when nobody answered. */
  begin({ method, path, body, headers, hasToken }) {
    this.#count += 1;
    const call = {
      number: this.#count, time: new Date().toISOString(), method, path, headers, hasToken,
      body: body === undefined ? null : withoutSecrets(body), status: undefined
    };
    this.#calls = [...this.#calls, call].slice(-most);
    this.dispatchEvent(new CustomEvent("begin", { detail: call }));
    return status => {
      call.status = status;
      this.dispatchEvent(new CustomEvent("end", { detail: call }));
    };
  }
}

export const calls = new Calls();

/** The same call for a shell. Whoever runs it sets TOKEN; a password stands in no call that was taken down. */
export function asCurl({ method, path, headers, body, hasToken }, origin) {
  const parts = ["curl -i", method === "GET" ? "" : `-X ${method}`, quoted(origin + path)];
  if (hasToken) parts.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== null) parts.push(`-d ${quoted(body)}`);
  return parts.filter(Boolean).join(" ");
}
