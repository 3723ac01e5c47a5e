// What stands between the person and the server, since when, and that it is over.

import { announce } from "../core/announce.js";
import { messenger, View } from "../core/context.js";
import { h, setHidden } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { preferences } from "../core/preferences.js";
import { secondsText, timeText } from "../core/text.js";
import { iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.banner;
/** Milliseconds for which it is said that all is well again. */
const backLasts = 5000;
const pictures = { away: "warning", notice: "question", back: "check" };

export class Banner extends View {
  #timer = null;

  render() {
    const region = h("section", { class: "banners", "aria-label": words.region });
    this.replaceChildren(region);
    let shown = "";
    let away = "";
    let isBack = false;
    const show = () => {
      const { state } = messenger;
      const lines = state.phase === "ended" || state.phase === "signedOut" ? [] : this.#lines(state);
      // Said once when it begins and when it is over; at what second it is tried again is for the eye.
      const next = lines.filter(({ kind }) => kind === "away").map(({ said }) => said).join(" ");
      if (next !== away) {
        clearTimeout(this.#timer);
        isBack = next === "" && state.phase === "live";
        announce(isBack ? words.back : next);
        away = next;
        this.#timer = isBack && setTimeout(() => {
          isBack = false;
          show();
        }, backLasts);
      }
      if (isBack && state.phase === "live") lines.push({ kind: "back", text: words.back });
      const looks = JSON.stringify(lines.map(({ kind, text, said }) => [kind, text, said]));
      if (looks === shown) return;
      shown = looks;
      const hadFocus = region.contains(document.activeElement);
      region.replaceChildren(...lines.map(({ kind, text, hurry, dismiss }) =>
        h("div", { class: `banner ${kind}` }, icon(pictures[kind]), h("p", {}, text),
          hurry && h("button", { type: "button", class: "small-button", onclick: hurry }, strings.tryNow),
          dismiss && iconButton("close", words.dismiss, dismiss))));
      setHidden(region, lines.length === 0);
      if (hadFocus) (region.querySelector("button") ?? document.getElementById("main"))?.focus();
    };
    this.watch(show);
    this.on(preferences, "change", show);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  /** `said` is what of a line is news when it changes. */
  #lines({ gatewayAwaySince, backendAwaySince, session }) {
    const lines = [];
    if (gatewayAwaySince) {
      const text = words.gatewayAway(timeText(gatewayAwaySince));
      lines.push({ kind: "away", said: text, text: `${text} ${words.trying}`, hurry: () => messenger.hurry() });
    }
    if (session && backendAwaySince && session.state !== "online") {
      // A password that is refused for good is no reason to come back: whoever is let in again, is after a while.
      const reason = session.reason === "signInRefused" ? words.refusedForNow : strings.reasons[session.reason];
      const next = session.state === "reconnecting" && session.retryAt
        ? words.retryAt(secondsText(session.retryAt)) : `${words.states[session.state] ?? ""} …`;
      const said = words.backendAway(session.backend, timeText(backendAwaySince));
      lines.push({
        kind: "away", said, hurry: session.state === "reconnecting" && (() => messenger.actions.reconnect()),
        text: [said, reason ? words.reason(reason.replace(/\.$/, "")) : "", next].filter(Boolean).join(" ")
      });
    }
    if (session?.verified === false && preferences.get("unverifiedSeen") !== session.id) {
      const dismiss = () => preferences.set("unverifiedSeen", session.id);
      lines.push({ kind: "notice", text: words.unverified, dismiss });
    }
    return lines;
  }
}
