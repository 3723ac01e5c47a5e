// Opens the gateway's sign-in page for a service in a tab of its own.
//
// The page comes from a POST with the token, which no link can make, and it may post to one foreign host, which our own
// page may not. So the answer, with the policy that the gateway gave it, is handed to a worker that answers for one
// address below /open/ once. The worker never sees the token, and nothing is stored.

import { uniqueName } from "../core/random.js";

/** Workers need https or loopback; elsewhere such a page would cross the network in the clear anyhow. */
export const canRelay = () => window.isSecureContext && "serviceWorker" in navigator;

export async function relay({ body, headers }) {
  const registration = await navigator.serviceWorker.register("/open/worker.js", { scope: "/open/" });
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker.state !== "activated") {
    await new Promise(resolve => worker.addEventListener("statechange",
      () => worker.state === "activated" && resolve()));
  }
  const address = `/open/${uniqueName()}`;
  const policy = headers.get("Content-Security-Policy");
  const channel = new MessageChannel();
  const isTaken = new Promise(resolve => { channel.port1.onmessage = resolve; });
  worker.postMessage({ address, body, policy }, [channel.port2]);
  await isTaken;
  channel.port1.close();
  window.open(address, "_blank", "noopener,noreferrer");
}
