// One conversation: who is in it, what was said, who is typing, and a place to write.

import { announce } from "../core/announce.js";
import { messenger, place, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { bdi, h, KeyedList, setAttribute, setHidden, setText } from "../core/dom.js";
import { figure, icon } from "../core/icons.js";
import { short, timeText } from "../core/text.js";
import { fold, isBlind, isFriend, isOnline } from "../state/contacts.js";
import { threadName } from "./chats.js";
import { fillMessage, makeMessage } from "./message.js";
import { iconButton, noOwn } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.chats;
/** Messages in the document at first, and how many more each time somebody goes back. */
const chunk = 80;
/** Beyond so many, the ones far above go again once the end is in view: the document stays small. */
const mostAtEnd = 240;
/** Pixels from the end that still count as being at it. */
const nearEnd = 60;
/** Milliseconds after which the same person's name is told again. */
const headAgain = 5 * 60_000;

const isNearEnd = log => log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;

export class Thread extends View {
  #key = null;
  #from = 0;
  #items = new WeakMap();
  /** Whether the newest message is to stay in sight. */
  #isAtEnd = true;
  #parts = {};

  render() {
    this.#key = this.dataset.key;
    this.#from = Math.max(0, (messenger.state.threads.get(this.#key)?.messages.length ?? 0) - chunk);
    const picture = h("span", { class: "thread-picture" });
    const name = h("h2", { class: "thread-name" }, bdi("", { dir: "auto" }));
    const detail = h("p", { class: "thread-detail" });
    const invite = iconButton("invite", words.invite, () => this.#invite());
    const leave = h("button", { type: "button", class: "quiet-button", onclick: () => messenger.conversations.leave(this.#key) },
      words.leave);
    const hide = iconButton("close", words.hide, () => this.#hide());
    const back = h("a",
      { href: "#/contacts", class: "icon-button to-back", "aria-label": words.back, title: words.back }, icon("back"));
    const earlier = h("button", { type: "button", class: "small-button earlier", onclick: () => this.#showEarlier() },
      words.earlier);
    const cut = h("p", { class: "cut" }, words.cut);
    const rows = h("div", { class: "rows" });
    const log = h("div", { class: "log", role: "log", tabindex: "0" }, earlier, cut, rows);
    const pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.#goToEnd() });
    // Rows have their true height only once they are seen, which is after the place was set by guesses; and the log has
    // another one when the window, the composer or a keyboard takes of it or gives back.
    let height = 0;
    const observer = new ResizeObserver(() => {
      height = log.clientHeight;
      if (this.#isAtEnd) log.scrollTop = log.scrollHeight;
    });
    observer.observe(rows);
    observer.observe(log);
    log.addEventListener("scroll", () => {
      // Of another height it is not the person who has scrolled.
      if (log.clientHeight === height) this.#setAtEnd(isNearEnd(log));
    }, { passive: true });
    const note = h("p", { class: "thread-note" });
    const foot = h("p", { class: "thread-foot" });
    this.#parts = { picture, name: name.firstChild, detail, invite, leave, log, rows, earlier, cut, pill, note, foot };
    this.#parts.list = new KeyedList(rows, makeMessage,
      (row, item) => fillMessage(row, item, message => this.#retry(message)));
    this.replaceChildren(h("div", { class: "thread" },
      h("header", { class: "thread-head" }, back, picture, h("div", { class: "thread-title" }, name, detail), invite,
        leave, hide),
      h("div", { class: "log-place" }, log, pill), note, h("msn-composer", { "data-key": this.#key }), foot));
    this.#setAtEnd(true);
    let shown = {};
    this.watch(state => {
      const { threads, contacts, session, phase, historyIsCut } = state;
      const thread = threads.get(this.#key);
      if (!thread) return;
      const contact = thread.group ? null : contacts.get(fold(thread.participants[0]?.account ?? ""));
      const blind = isBlind(state);
      const next = { thread, contact, session, phase, blind, name: threadName(thread, contacts) };
      if (Object.entries(next).every(([name, value]) => shown[name] === value)) return;
      const isFirst = !shown.thread;
      if (shown.thread?.messages !== thread.messages) this.#showMessages(thread.messages, historyIsCut, isFirst);
      this.#showPeople(thread, contact, contacts, session, phase, blind);
      const hasNews = thread.unread > 0 && !this.#isAtEnd;
      setHidden(pill, !hasNews);
      if (hasNews) setText(pill, words.newBelow(thread.unread));
      shown = next;
    });
    // Who goes through the tabs by keyboard stays there, and on a phone the keyboard would cover what was said.
    if (document.activeElement?.getAttribute("role") !== "tab" && !matchMedia("(pointer: coarse)").matches) {
      this.querySelector("textarea")?.focus({ preventScroll: true });
    }
  }

  #setAtEnd(isAtEnd) {
    this.#isAtEnd = isAtEnd;
    const isUp = !isAtEnd;
    if (messenger.state.isScrolledUp !== isUp) messenger.store.dispatch({ type: "thread.scrolled", key: this.#key, isUp });
  }

  #goToEnd() {
    const { log } = this.#parts;
    log.scrollTop = log.scrollHeight;
    this.#setAtEnd(true);
    log.focus({ preventScroll: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (messenger.state.isScrolledUp) messenger.store.dispatch({ type: "thread.scrolled", key: this.#key, isUp: false });
  }

  #showPeople(thread, contact, contacts, session, phase, blind) {
    const { picture, name, detail, invite, leave, log, note, foot } = this.#parts;
    const title = threadName(thread, contacts);
    setText(name, short(title, 200));
    setAttribute(log, "aria-label", words.log(short(title)));
    const status = thread.group ? "group" : blind ? "unknown" : contact?.status ?? "offline";
    const look = `${status} ${contact?.blocked}`;
    if (picture.dataset.look !== look) {
      picture.dataset.look = look;
      picture.replaceChildren(thread.group ? icon("contacts") : figure(status, contact?.blocked));
    }
    setText(detail, thread.group
      ? thread.participants.map(person => person.account).join(", ")
      : `${strings.presence[status]} · ${thread.participants[0]?.account ?? ""}`);
    setHidden(leave, !thread.group);
    setHidden(invite, phase === "ended");
    const hint = phase === "ended" ? ""
      : session.status === "appearOffline" ? words.hidden
        : contact?.blocked ? words.blocked(short(contact.displayName))
          : contact && !blind && !isOnline(contact) && !thread.isReached ? words.offline(short(contact.displayName)) : "";
    setText(note, hint);
    setHidden(note, hint === "");
    const typing = [...thread.typing.keys()].map(account => short(contacts.get(account)?.displayName ?? account));
    const last = thread.messages.findLast(message => message.kind === "text" && !message.own);
    setText(foot, typing.length > 0 ? words.typing(typing) : last ? words.last(timeText(last.time)) : words.advice);
    foot.classList.toggle("typing", typing.length > 0);
  }

  #showMessages(messages, historyIsCut, isFirst) {
    const { log, list, earlier, cut } = this.#parts;
    const isAtEnd = isFirst || this.#isAtEnd
      || (messages.at(-1)?.own && messages.at(-1)?.delivery === "sending");
    this.#from = Math.min(this.#from, Math.max(0, messages.length - 1));
    if (isAtEnd && messages.length - this.#from > mostAtEnd) this.#from = messages.length - chunk;
    const shown = messages.slice(this.#from);
    list.show(shown.map((message, index) => [message.key, this.#item(message, shown[index - 1])]));
    setHidden(earlier, this.#from === 0);
    setHidden(cut, this.#from > 0 || !historyIsCut);
    if (isAtEnd !== this.#isAtEnd) this.#setAtEnd(isAtEnd);
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  /** The same object as long as the row looks the same. */
  #item(message, previous) {
    const isHeaded = message.kind === "text" && (previous?.kind !== "text" || previous.own !== message.own
      || previous.from !== message.from || Date.parse(message.time) - Date.parse(previous.time) > headAgain);
    const known = this.#items.get(message);
    if (known?.isHeaded === isHeaded) return known;
    const item = { message, isHeaded };
    this.#items.set(message, item);
    return item;
  }

  #showEarlier() {
    const { log, list, earlier } = this.#parts;
    const { messages } = messenger.state.threads.get(this.#key);
    const fromEnd = log.scrollHeight - log.scrollTop;
    this.#setAtEnd(false);
    // What has been said before is no news.
    log.setAttribute("aria-live", "off");
    this.#from = Math.max(0, this.#from - chunk);
    const shown = messages.slice(this.#from);
    list.show(shown.map((message, index) => [message.key, this.#item(message, shown[index - 1])]));
    setHidden(earlier, this.#from === 0);
    setHidden(this.#parts.cut, this.#from > 0 || !messenger.state.historyIsCut);
    log.scrollTop = log.scrollHeight - fromEnd;
    if (earlier.hidden) log.focus();
    setTimeout(() => log.removeAttribute("aria-live"), 1000);
  }

  #retry(message) { messenger.outbox.resend(this.#key, message); }

  #hide() {
    messenger.conversations.hide(this.#key);
    place.go("chats");
    const places = "msn-thread textarea, msn-contacts .contact-open[tabindex='0'], msn-contacts input";
    document.querySelector(places)?.focus();
  }

  async #invite() {
    const thread = messenger.state.threads.get(this.#key);
    const isThere = new Set(thread.participants.map(person => fold(person.account)));
    const people = [...messenger.state.contacts.values()]
      .filter(contact => isFriend(contact) && isOnline(contact) && !isThere.has(fold(contact.account)));
    const choice = h("select", { id: "invite-who" },
      ...people.map(contact => h("option", { value: contact.account },
        short(`${contact.displayName} (${contact.account})`, 80))),
      h("option", { value: "" }, words.inviteOther));
    const account = h("input",
      { id: "invite-account", type: "email", autocomplete: "off", maxlength: "129", "aria-label": words.inviteOther });
    noOwn(account);
    const match = () => {
      setHidden(account, choice.value !== "");
      account.required = choice.value === "";
    };
    choice.addEventListener("change", match);
    match();
    await ask({
      title: words.inviteTitle, submit: words.inviteSubmit, answer: () => choice.value || account.value.trim(),
      act: chosen => messenger.conversations.inviting(this.#key, chosen),
      content: h("div", { class: "field" }, people.length === 0 && h("p", {}, words.inviteNobody),
        h("label", { for: "invite-who" }, words.inviteChoose), choice, account)
    });
  }
}
