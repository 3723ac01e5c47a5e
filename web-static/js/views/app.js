// The page as a whole: signing in, a session, or the operator's view alone.

import { announce } from "../core/announce.js";
import { accounts, messenger, place, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { sign } from "../core/icons.js";
import { strings } from "../strings.js";

export class App extends View {
  #shown = null;
  /** Whether it is known which sessions there are to come back to. */
  #isKnown = false;
  /** Of each account, where in the page it was left. */
  #paths = new WeakMap();
  #account = messenger;
  /** Ends what is watched of the account in front. */
  #turned = new AbortController();

  render() {
    this.on(accounts, "front", () => this.#turn());
    this.on(place, "change", () => this.#choose());
    this.#watchFront();
    this.#resume();
  }

  async #resume() {
    const isOver = accounts.resume();
    // Who comes back would see the sign-in for a moment, and all the while that the gateway is away.
    this.#isKnown = messenger.state.phase !== "signedOut";
    if (this.#isKnown) this.#choose();
    await Promise.race([isOver, new Promise(resolve => {
      accounts.addEventListener("change", resolve, { once: true });
    })]);
    this.#isKnown = true;
    this.#choose();
    await isOver;
  }

  /** Another account is in front: all that is shown is made anew. */
  #turn() {
    this.#paths.set(this.#account, place.path);
    this.#account = messenger;
    this.replaceChildren();
    this.#shown = null;
    place.replace(...this.#paths.get(messenger) ?? []);
    this.#watchFront();
    // Where nothing else asks for it the focus stays with what was pressed.
    if (document.activeElement === document.body) this.querySelector("msn-account-switch [aria-current]")?.focus();
  }

  #watchFront() {
    this.#turned.abort();
    this.#turned = new AbortController();
    const signal = AbortSignal.any([this.gone, this.#turned.signal]);
    messenger.addEventListener("session", () => this.#choose(), { signal });
    messenger.store.watch(() => this.#choose(), signal);
  }

  #choose() {
    if (!this.#isKnown) return;
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
        this.replaceChildren(h("main", { class: "opening" }, sign(), h("p", {}, strings.loading), h("msn-banner")));
        announce(strings.loading);
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
