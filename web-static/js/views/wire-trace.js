// What gateway and server say to each other, blanked by the gateway.

import { problemOf } from "../api/client.js";
import { Problem, Unreachable } from "../api/problem.js";
import { serverSentEvents } from "../api/sse.js";
import { messenger, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { Pause } from "../core/pause.js";
import { secondsText } from "../core/text.js";
import { LiveList } from "./live-list.js";
import { strings } from "../strings.js";

const words = strings.developer;
/** Milliseconds until a trace that broke off is asked for again, each time longer while nothing comes. */
const retryPauses = [2000, 4000, 8000, 16_000];

/** One event of the trace; null for what is newer than this page. */
function traceLine({ event, data }) {
  const record = JSON.parse(data);
  if (event === "gap") return { missed: record.missed ?? null };
  return event === "sent" || event === "received" ? { ...record, isSent: event === "sent" } : null;
}

function row(item) {
  if ("missed" in item) return h("li", { class: "wire wire-gap" }, words.traceGap(item.missed));
  const { time, connection, number, line, payload, payloadSize, isSent } = item;
  const code = isSent ? null : /^(\d{3}) \d+/.exec(line)?.[1];
  const way = isSent ? words.sent : words.received;
  return h("li", { class: `wire ${isSent ? "sent" : "received"}` },
    h("time", { datetime: time }, secondsText(time)),
    h("span", { class: "wire-way", title: way }, h("span", { "aria-hidden": "true" }, isSent ? "→" : "←"),
      h("span", { class: "only-heard" }, way)),
    h("div", { class: "wire-words" },
      h("span", { class: "wire-connection", title: `${connection} ${number}` },
        `${words.connections[connection] ?? connection} ${number}`),
      h("code", {}, line), code && h("a", { href: `#/developer/errors/${code}`, class: "code-link" },
        words.codeOf(code)),
      payload && h("details", {}, h("summary", {}, words.payload(payloadSize)),
        h("pre", { tabindex: "0", "aria-label": words.payload(payloadSize) }, payload))));
}

export class WireTrace extends View {
  render() {
    const list = new LiveList({
      title: words.trace, text: words.traceText, empty: words.traceWaiting, filter: words.filterTrace, name: "wire", make: row,
      matches: (item, part) => (item.line ?? "").toLowerCase().includes(part),
      record: ({ isSent, ...item }) => ({ ...item, ...(isSent === undefined ? {} : { way: isSent ? "sent" : "received" }) })
    });
    this.replaceChildren(list.element);
    this.#follow(list);
  }

  async #follow(list) {
    const signal = this.gone;
    const pause = new Pause();
    signal.addEventListener("abort", () => pause.hurry());
    let failures = 0;
    while (!signal.aborted && messenger.api && messenger.state.phase !== "ended") {
      try {
        const response = await messenger.api.trace(signal);
        // The session has ended: there is nothing more to show.
        if (response.status === 204) {
          list.say(words.traceOver);
          return;
        }
        if (!response.ok) throw problemOf(response, await response.text());
        list.say("");
        failures = 0;
        for await (const event of serverSentEvents(response)) {
          const line = traceLine(event);
          if (line) list.add([line]);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Problem && error.status < 500 && error.status !== 429) {
          // Asking again would be answered the same. Whether it is the session that is gone, the reader finds out.
          const isGone = error.status === 401 || error.code === "session-ended";
          if (isGone) messenger.doubt();
          const isMissing = error.status === 404 || error.status === 405;
          list.say(isGone ? words.traceOver : isMissing ? words.traceMissing : explain(error).text);
          return;
        }
        // A stream that breaks off in the middle is no defect of this page.
        if (!(error instanceof Unreachable) && !(error instanceof TypeError) && error.status === undefined) throw error;
      }
      list.say(words.traceClosed, () => pause.hurry());
      failures += 1;
      await pause.last(retryPauses[Math.min(failures, retryPauses.length) - 1]);
    }
  }
}
