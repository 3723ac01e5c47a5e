// What can go wrong with a call, as values that the rest decides by.

/** The gateway answered, with a problem document (RFC 9457) or at least a status. */
export class Problem extends Error {
  constructor(status, document, retryAfter) {
    super(document?.detail ?? document?.title ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = document?.code ?? null;
    this.detail = document?.detail ?? null;
    this.msnp = document?.msnp ?? null;
    this.errors = document?.errors ?? [];
    this.reason = document?.reason ?? null;
    this.missed = document?.missed ?? null;
    this.requestId = document?.requestId ?? null;
    /** Seconds, or null. */
    this.retryAfter = retryAfter;
  }
}

/** Nobody answered: the gateway is down, or the network is. Whether the call was carried out is unknown. */
export class Unreachable extends Error {
  constructor(cause) {
    super("The gateway can't be reached", { cause });
    this.name = "Unreachable";
  }
}
