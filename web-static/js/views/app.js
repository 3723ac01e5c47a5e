// The page as a whole: signing in, a session, or the operator's view alone.

import { Problem, Unreachable } from "../api/problem.js";
import { messenger, place, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { sign } from "../core/icons.js";
import { strings } from "../strings.js";

/** Milliseconds between attempts to come back to a session while the gateway is away. */
const retryPause = 2000;

export class App extends View {
  #shown = null;

  render() {
    this.on(messenger, "session", () => this.#choose());
    this.on(place, "change", () => this.#choose());
    // First, or who comes back would see the sign-in for a moment, and all the while that the gateway is away.
    this.#resume();
    this.watch(() => this.#choose());
  }

  async #resume() {
    for (;;) {
      try {
        await messenger.resume();
        return;
      } catch (error) {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        if (error.status === 401 || error.status === 404) return;
        if (error.status >= 400 && error.status < 500 && error.status !== 429) {
          messenger.giveUp(error);
          return;
        }
        messenger.store.dispatch({ type: "gateway.away", since: new Date().toISOString() });
        await messenger.pause(retryPause);
      }
    }
  }

  #choose() {
    const { phase, session } = messenger.state;
    const [first, second] = place.path;
    let wanted = "sign-in";
    if (session) wanted = "shell";
    else if (phase === "opening") wanted = "opening";
    else if (first === "operator") wanted = "operator";
    // Why a sign-in failed can be looked up before there is a session.
    else if (first === "developer" && second === "errors") wanted = "catalogue";
    if (wanted === this.#shown) return;
    const before = this.#shown;
    this.#shown = wanted;
    switch (wanted) {
      case "shell":
        this.replaceChildren(h("msn-shell"));
        // Where a conversation is open its composer has the focus; else whoever goes on by keyboard begins at the parts.
        if (before === "sign-in" && document.activeElement === document.body) this.querySelector("msn-shell").begin();
        break;
      case "operator": this.replaceChildren(this.#alone("msn-operator")); break;
      case "catalogue": this.replaceChildren(this.#alone("msn-catalogue")); break;
      case "opening":
        // The sign-in's own button says that it works.
        if (before === "sign-in") {
          this.#shown = before;
          return;
        }
        this.replaceChildren(h("main", { class: "opening" }, sign(), h("p", { role: "status" }, strings.loading),
          h("msn-banner")));
        break;
      default: this.replaceChildren(h("msn-sign-in"));
    }
  }

  /** A view that needs no session. */
  #alone(view) {
    return h("div", { class: "alone" },
      h("header", { class: "title-bar" },
        h("h1", { class: "brand" }, sign(), h("span", {}, strings.product)),
        h("a", { href: "#/", class: "title-link" }, strings.signIn.title)),
      h("main", { class: "page-area", tabindex: "-1" }, h(view)));
  }
}
