// What this page asks its gateway, call by call, to be done again in a shell.

import { asCurl, calls } from "../api/calls.js";
import { announce } from "../core/announce.js";
import { copy } from "../core/clipboard.js";
import { View } from "../core/context.js";
import { h, setText } from "../core/dom.js";
import { secondsText, short } from "../core/text.js";
import { LiveList } from "./live-list.js";
import { strings } from "../strings.js";

const words = strings.developer;

function row(call) {
  const command = asCurl(call, location.origin);
  const copier = h("button", {
    type: "button", class: "small-button", "aria-label": words.copyCurlOf(`${call.method} ${short(call.path)}`),
    onclick: async () => announce(await copy(command) ? words.copied : words.notCopied)
  }, words.copyCurl);
  return h("li", { class: "call" },
    h("div", { class: "call-head" }, h("time", { datetime: call.time }, secondsText(call.time)),
      h("code", { class: "call-method" }, call.method), h("code", { class: "call-path" }, call.path),
      h("span", { class: "call-status" }), copier),
    h("pre", { class: "call-curl", tabindex: "0", "aria-label": words.curlOf(call.method) }, command));
}

function fill(element, { status }) {
  const text = status === undefined ? "…" : status === null ? words.noAnswer : String(status);
  setText(element.querySelector(".call-status"), text);
  element.classList.toggle("failed", status === null || status >= 400);
}

export class CallList extends View {
  render() {
    const rows = new WeakMap();
    const list = new LiveList({
      title: words.calls, text: words.callsText, empty: words.callsWaiting, filter: words.filterCalls, name: "calls",
      make: call => {
        const element = row(call);
        fill(element, call);
        rows.set(call, element);
        return element;
      },
      matches: ({ method, path }, part) => `${method} ${path}`.toLowerCase().includes(part),
      record: ({ time, method, path, body, status }) => ({ time, method, path, body: body && JSON.parse(body), status })
    });
    this.replaceChildren(list.element);
    list.add(calls.all);
    this.on(calls, "begin", ({ detail }) => list.add([detail]));
    this.on(calls, "end", ({ detail }) => {
      const element = rows.get(detail);
      if (element) fill(element, detail);
    });
  }
}
