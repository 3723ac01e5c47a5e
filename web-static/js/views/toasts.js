// What has just happened, for a moment, beside what is being read: one toast for each person or subject, and two at most.
// The rest, and what goes unread, is in the bell's list; messages are in their conversations.

import { alert, announce } from "../core/announce.js";
import { accounts, messenger, place, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { figure } from "../core/icons.js";
import { narrow } from "../core/layout.js";
import { preferences } from "../core/preferences.js";
import { sound } from "../core/sounds.js";
import { short } from "../core/text.js";
import { notify } from "../session/notifications.js";
import { describe, newsWords, spoken } from "./news-item.js";
import { iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.news;
const most = 2;
/** Milliseconds: for what is nice to know, for what should be read, and for what did not work. */
const lives = { came: 6000, message: 6000, problem: 30_000 };
const usualLife = 15_000;
/** What can be heard of, for those who want to. */
const sounds = { message: "message", came: "coming", mail: "mail" };
/** What the system tells of too, while the page is out of sight. */
const notified = new Set(["mail", "page", "alert", "message"]);

export class Toasts extends View {
  #list = null;
  /** By subject: `{element, entry}`, the oldest first. */
  #shown = new Map();

  render() {
    this.#shown.clear();
    this.#list = h("ul", { class: "toasts" });
    this.replaceChildren(h("section", { class: "toasts-place", "aria-label": words.toasts }, this.#list));
    this.on(messenger, "toast", ({ detail }) => this.#take(detail));
    this.on(accounts, "toast", ({ detail }) => this.#takeElsewhere(detail));
    // What is read by now is no news.
    let before = {};
    this.watch(({ front, news }) => {
      if (front === before.front && news === before.news) return;
      before = { front, news };
      const known = new Set(news.map(entry => entry.key));
      for (const [subject, { entry }] of this.#shown) {
        if (entry.kind === "elsewhere") continue;
        if (entry.kind === "message" ? entry.data.key === front : !known.has(entry.key)) this.#remove(subject);
      }
    });
  }

  #take({ kind, ...detail }) {
    if (kind === "request") {
      const text = strings.requests.announced(short(detail.name));
      notify(strings.requests.region, text, `request-${detail.account}`);
      announce(text);
      return;
    }
    const entry = kind === "message"
      ? { kind, key: null, subject: `message:${detail.key}`, data: detail } : detail.entry;
    if (Object.hasOwn(sounds, entry.kind)) sound(sounds[entry.kind]);
    const said = describe(entry);
    if (said.isUrgent) alert(spoken(said));
    else announce(spoken(said));
    if (notified.has(entry.kind)) notify(said.title, short(said.text, 140), entry.subject, said.action?.run);
    // Where the conversations are listed it is there to be seen.
    if (entry.kind !== "message" || !narrow.matches || place.path.join() !== "chats") this.#show(entry, said);
  }

  /** What happens in an account that is not in front, and is worth going there for. */
  #takeElsewhere({ messenger: other, detail: { kind, ...detail } }) {
    const { account, displayName } = other.state.session ?? {};
    const entry = kind === "news" ? detail.entry : { kind, data: detail };
    if (!account || !notified.has(entry.kind) && kind !== "request") return;
    const told = kind === "request" ? { title: strings.requests.announced(short(detail.name)), text: "" } : describe(entry);
    const run = () => {
      accounts.show(other);
      if (kind === "message") place.go("chats", detail.key);
    };
    const said = {
      picture: told.picture ?? figure("offline"), title: told.title, text: strings.accounts.of(short(displayName), told.text),
      action: { label: strings.accounts.show, name: strings.accounts.showOf(short(account)), run }
    };
    if (Object.hasOwn(sounds, entry.kind)) sound(sounds[entry.kind]);
    announce(spoken(said));
    notify(said.title, short(said.text, 140), `${account} ${entry.subject ?? detail.key ?? detail.account}`, run);
    this.#show({ kind: "elsewhere", key: null, subject: `elsewhere:${account}` }, said);
  }

  #show(entry, said) {
    const { subject } = entry;
    this.#remove(subject);
    const done = () => {
      this.#remove(subject, true);
      if (entry.key) messenger.readNews([entry.key]);
    };
    const element = h("li", { class: `toast ${said.isUrgent ? "urgent" : ""}` },
      h("span", { class: "news-picture" }, said.picture), h("div", { class: "news-words" }, ...newsWords(said, done)),
      iconButton("close", words.dismiss, done));
    // The oldest makes room: it is in the bell's list, or in its conversation.
    if (this.#shown.size >= most) this.#remove(this.#shown.keys().next().value);
    this.#shown.set(subject, { element, entry });
    this.#list.prepend(element);
    const leave = () => {
      if (this.#shown.get(subject)?.element !== element) return;
      // It stays as long as somebody is at it, or wants it to.
      if (preferences.get("newsStay") || element.matches(":hover, :focus-within")) setTimeout(leave, lives.came);
      else this.#remove(subject);
    };
    setTimeout(leave, lives[entry.kind] ?? usualLife);
  }

  #remove(subject, isLeft = false) {
    const known = this.#shown.get(subject);
    if (!known) return;
    this.#shown.delete(subject);
    const hadFocus = known.element.contains(document.activeElement);
    known.element.remove();
    if (hadFocus || isLeft && document.activeElement === document.body) document.getElementById("main")?.focus();
  }
}
