// The frame around a session: title bar, the person, the contacts, and one part of the page beside them.

import { accounts, messenger, place, View } from "../core/context.js";
import { h, setAttribute } from "../core/dom.js";
import { showWaiting } from "../core/favicon.js";
import { sign } from "../core/icons.js";
import { narrow } from "../core/layout.js";
import { personKey } from "../state/threads.js";
import { strings } from "../strings.js";

const parts = {
  chats: "msn-chats", history: "msn-history", services: "msn-services", settings: "msn-settings", developer: "msn-developer",
  operator: "msn-operator"
};

export class Shell extends View {
  #part = null;
  #area = null;
  #side = null;
  #ended = null;

  render() {
    this.#part = null;
    this.#ended = h("div", { class: "ended-place", role: "alert" });
    this.#area = h("main", { id: "main", class: "area", tabindex: "-1" });
    this.#side = h("div", { class: "side", tabindex: "-1" }, h("msn-me"), h("msn-requests"), h("msn-contacts"));
    this.replaceChildren(
      h("header", { class: "title-bar" },
        h("a", {
          href: "#", class: "skip",
          onclick: event => {
            event.preventDefault();
            this.begin();
          }
        }, strings.skip),
        h("div", { class: "brand" }, sign(), h("h1", {}, strings.product)), h("msn-navigation"), h("msn-news")),
      h("msn-keys"), h("msn-account-switch"), h("msn-banner"), this.#ended,
      h("div", { class: "panes" }, h("msn-toasts"), this.#side, this.#area));
    this.on(place, "change", () => this.#move());
    this.on(narrow, "change", () => {
      this.#move();
      this.#follow(messenger.state);
    });
    this.on(document, "visibilitychange", () => this.#attend());
    this.on(window, "focus", () => this.#attend());
    this.on(window, "blur", () => this.#attend());
    this.watch(state => this.#follow(state));
    this.on(accounts, "change", () => this.#entitle());
    this.#move();
  }

  /** Gives the focus to what is in sight: on a narrow page the people come first. */
  begin() {
    this.#area.focus();
    if (document.activeElement !== this.#area) this.#side.focus();
  }

  /** The address says where the person is. */
  #move() {
    const [first = "", key] = place.path;
    const part = Object.hasOwn(parts, first) ? first : "chats";
    this.dataset.at = Object.hasOwn(parts, first) ? first : "contacts";
    setAttribute(this, "data-list", first === "chats" && !key ? "true" : null);
    // Where they are all that is shown, the people are the page's main part.
    setAttribute(this.#side, "role", narrow.matches && this.dataset.at === "contacts" ? "main" : null);
    if (part !== this.#part) {
      this.#part = part;
      this.#area.replaceChildren(h(parts[part]));
      this.#area.scrollTop = 0;
    }
    if (first === "chats" && key && key !== messenger.state.active) {
      if (messenger.state.threads.has(key)) messenger.store.dispatch({ type: "thread.shown", key });
      else if (key.startsWith("p:") && messenger.state.contacts.has(key.slice(2))) messenger.conversations.openPerson(key.slice(2));
      else place.replace("chats");
    }
    this.#attend();
  }

  #follow(state) {
    // On a narrow page the conversations are a list of their own, out of which one is chosen.
    const isLed = !narrow.matches || place.path[1];
    // Whoever is on the way to another one gets there, whatever happens meanwhile.
    if (!place.isMoving && place.path[0] === "chats" && isLed && state.active && state.active !== place.path[1]) {
      place.replace("chats", state.active);
    }
    const isOver = state.phase === "ended";
    this.classList.toggle("over", isOver);
    if (isOver !== this.#ended.childElementCount > 0) this.#ended.replaceChildren(...(isOver ? [h("msn-ended")] : []));
    this.#entitle();
    this.#attend();
  }

  /** How much waits, in all accounts, is said in the tab. */
  #entitle() {
    const { waiting } = accounts;
    const name = messenger.state.session?.displayName ?? strings.product;
    const title = waiting > 0 ? strings.chats.unread(waiting, name) : name;
    if (document.title !== title) document.title = title;
    showWaiting(waiting);
  }

  /** What is shown to somebody who looks counts as read. */
  #attend() {
    const { state } = messenger;
    // On a wide page a conversation is in sight beside the contacts too.
    const { at, list } = this.dataset;
    const isThere = narrow.matches ? at === "chats" && !list : at === "chats" || at === "contacts";
    const isSeen = isThere && document.visibilityState === "visible" && document.hasFocus();
    const key = isSeen && state.threads.get(state.active)?.visible ? state.active : null;
    const attention = state.isScrolledUp ? null : key;
    const isNews = attention && state.threads.get(attention).unread > 0;
    if (key !== state.front || attention !== state.attention || isNews) {
      messenger.store.dispatch({ type: "attention", key });
    }
  }
}

/** Opens the thread with somebody and goes there. */
export function converse(account) {
  // First, so that there is a step to come back by: what is shown would else take the place of what was.
  place.go("chats", personKey(account));
  messenger.conversations.openPerson(account);
}
