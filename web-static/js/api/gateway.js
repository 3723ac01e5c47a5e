// The calls that need no session.

import { Client } from "./client.js";

const anonymous = new Client();

/** Name, version, backends, who may sign in. */
export const entry = async signal => (await anonymous.call("GET", "/v1", { signal })).body;

/** The catalogue of MSNP errors: asked for once, it never changes. */
let catalogue = null;
export function errors() {
  catalogue ??= anonymous.call("GET", "/v1/errors").then(answer => answer.body.errors);
  catalogue.catch(() => { catalogue = null; });
  return catalogue;
}

/** Signs in; the caller's abort cancels the attempt on the server too. */
export async function signIn({ key, ...request }, signal) {
  const { body } = await new Client(key || null).call("POST", "/v1/sessions", { body: request, signal });
  return body;
}
