// What stands between the person and the server, and since when.

import { messenger, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { preferences } from "../core/preferences.js";
import { secondsText, timeText } from "../core/text.js";
import { iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.banner;

export class Banner extends View {
  render() {
    const region = h("div", { class: "banners", role: "status" });
    this.replaceChildren(region);
    let shown = "";
    this.watch(state => {
      const lines = state.phase === "ended" ? [] : this.#lines(state);
      const next = lines.map(line => line.text).join("\n");
      if (next === shown) return;
      shown = next;
      region.replaceChildren(...lines.map(({ kind, text, dismiss }) =>
        h("div", { class: `banner ${kind}` }, icon(kind === "notice" ? "question" : "warning"), h("p", {}, text),
          dismiss && iconButton("close", words.dismiss, dismiss))));
    });
    this.on(preferences, "change", () => messenger.store.dispatchEvent(new Event("change")));
  }

  #lines({ gatewayAwaySince, backendAwaySince, session }) {
    const lines = [];
    if (gatewayAwaySince) lines.push({ kind: "away", text: words.gatewayAway(timeText(gatewayAwaySince)) });
    if (session && backendAwaySince && session.state !== "online") {
      // A password that is refused for good is no reason to come back: whoever is let in again, is after a while.
      const reason = session.reason === "signInRefused" ? words.refusedForNow : strings.reasons[session.reason];
      const next = session.state === "reconnecting" && session.retryAt
        ? words.retryAt(secondsText(session.retryAt)) : `${words.states[session.state] ?? ""} …`;
      lines.push({
        kind: "away",
        text: [
          words.backendAway(session.backend, timeText(backendAwaySince)),
          reason ? words.reason(reason.replace(/\.$/, "")) : "",
          next
        ].filter(Boolean).join(" ")
      });
    }
    if (session?.verified === false && preferences.get("unverifiedSeen") !== session.id) {
      const dismiss = () => preferences.set("unverifiedSeen", session.id);
      lines.push({ kind: "notice", text: words.unverified, dismiss });
    }
    return lines;
  }
}
