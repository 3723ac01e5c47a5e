/** A name that nobody else comes up with; `crypto.randomUUID` is not there on plain http. */
export function uniqueName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");
}
