// Problems in plain words.

import { Unreachable } from "../api/problem.js";
import { strings } from "../strings.js";

/** `{text, msnp, requestId}`: what to tell, the MSNP code to look up, and what an operator may ask for. */
export function explain(error) {
  if (error instanceof Unreachable) return { text: strings.problems.unreachable, msnp: null, requestId: null };
  const words = strings.problems;
  const msnp = error.msnp?.code ?? null;
  const refusal = error.code === "sign-in-refused" ? strings.refused[msnp] ?? strings.refused.other : null;
  const isKnown = Object.hasOwn(words, error.code ?? "") && typeof words[error.code] === "string";
  const known = refusal ?? (isKnown ? words[error.code] : null);
  const text = [known ?? error.detail ?? words.other(error.status)];
  if (error.code === "invalid-request" && error.errors.length > 0) {
    text.push(error.errors.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join(", ") + ".");
  } else if (error.code === "invalid-request" && error.detail) {
    text.push(error.detail);
  }
  if (error.retryAfter) text.push(words.retry(error.retryAfter));
  return { text: text.join(" "), msnp, requestId: error.requestId };
}
