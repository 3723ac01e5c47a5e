// Buttons for what the sandbox can do wrong, to see how a client takes it. There only where a sandbox is.

import { Client } from "../api/client.js";
import { Problem, Unreachable } from "../api/problem.js";
import { messenger, View } from "../core/context.js";
import { h, setHidden } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { strings } from "../strings.js";

const words = strings.developer;
/** Where signing in is open no key is needed; elsewhere the operator's orders it with curl. */
const anonymous = new Client();

export class Faults extends View {
  render() {
    const said = h("p", { class: "hint", role: "status" });
    const order = async (fault, text) => {
      said.replaceChildren();
      try {
        const body = { fault, account: messenger.state.session.account };
        await anonymous.call("POST", "/v1/sandbox/faults", { body });
        said.textContent = words.ordered(text);
      } catch (error) {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        said.textContent = error.status === 401 || error.status === 403 ? words.faultsNeedKey : explain(error).text;
      }
    };
    const details = h("details", { class: "card faults" }, h("summary", {}, words.faults),
      h("p", { class: "hint" }, words.faultsText),
      h("div", { class: "buttons" }, ...Object.entries(words.faultNames).map(([fault, text]) =>
        h("button", { type: "button", class: "small-button", onclick: () => order(fault, text) }, text))),
      said);
    this.replaceChildren(details);
    this.watch(({ session, phase }) => setHidden(this, session?.backend !== "sandbox" || phase !== "live"));
  }
}
