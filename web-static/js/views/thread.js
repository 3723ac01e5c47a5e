// One conversation: who is in it, what was said, who is typing, and a place to write.

import { announce } from "../core/announce.js";
import { messenger, place, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { bdi, h, KeyedList, setAttribute, setHidden, setText } from "../core/dom.js";
import { figure, icon } from "../core/icons.js";
import { narrow } from "../core/layout.js";
import { preferences } from "../core/preferences.js";
import { short, timeText, untilMidnight } from "../core/text.js";
import { fold, isBlind, isFriend, isOnline } from "../state/contacts.js";
import { threadName } from "./chats.js";
import { LogRows } from "./log-rows.js";
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
/** Pages that are asked for at once: a key that is held down would ask for dozens. */
const mostPresses = 2;

/** The arrows go from message to message, whose time is shown then; from the log itself to what is in sight. */
function stepInLog(log, event) {
  if (event.target.closest("a, button") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rows = [...log.querySelectorAll(".message")];
  const index = rows.indexOf(event.target.closest(".message"));
  const box = log.getBoundingClientRect();
  const lastInSight = () => rows.findLastIndex(row => row.getBoundingClientRect().top < box.bottom);
  const steps = {
    ArrowUp: index < 0 ? lastInSight() : index - 1, ArrowDown: index < 0 ? lastInSight() : index + 1, Home: 0,
    End: rows.length - 1
  };
  if (!(event.key in steps) || rows.length === 0) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, steps[event.key]))].focus();
}

const isNearEnd = log => log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;

export class Thread extends View {
  #key = null;
  #from = 0;
  #rows = new LogRows();
  /** Ends with the day: what was today is yesterday then. */
  #midnight = null;
  /** Whether the newest message is to stay in sight. */
  #isAtEnd = true;
  /** Pixels: where the log was when it was last looked at, and its height when it was last measured. */
  #top = 0;
  #height = 0;
  /** Pages of what is kept come one after the other. */
  #turn = Promise.resolve();
  /** Presses of "Show earlier messages" whose page has not come. */
  #presses = 0;
  /** Until when what comes is no news. */
  #quiet = null;
  #parts = {};

  render() {
    this.#key = this.dataset.key;
    this.#from = Math.max(0, (messenger.state.threads.get(this.#key)?.messages.length ?? 0) - chunk);
    const picture = h("span", { class: "thread-picture" });
    const name = h("h2", { class: "thread-name" }, bdi("", { dir: "auto" }));
    const detail = h("p", { class: "thread-detail" });
    const invite = iconButton("invite", words.invite, () => this.#invite());
    const leave = h("button", { type: "button", class: "quiet-button", onclick: () => this.#leave() }, words.leave);
    const hide = iconButton("close", words.hide, () => this.#hide());
    const back = iconButton("back", words.back, () => place.back("chats"), { class: "icon-button to-back" });
    const earlier = h("button", { type: "button", class: "small-button earlier", onclick: () => this.#showEarlier() },
      words.earlier);
    const cut = h("p", { class: "cut" }, words.cut);
    const rows = h("div", { class: "rows" });
    const log = h("div", { class: "log", role: "log", tabindex: "0" }, earlier, cut, rows);
    const pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.#goToEnd() });
    // Rows have their true height only once they are seen, which is after the place was set by guesses; and the log has
    // another one when the window, the composer or a keyboard takes of it or gives back.
    const observer = new ResizeObserver(() => {
      this.#height = log.clientHeight;
      if (this.#isAtEnd) this.#scrollToEnd();
    });
    observer.observe(rows);
    observer.observe(log);
    log.addEventListener("keydown", event => stepInLog(log, event));
    log.addEventListener("scroll", () => this.#look(), { passive: true });
    this.on(messenger, "arrival", () => this.#look());
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
    this.#waitForMidnight();
    this.on(preferences, "change", ({ detail }) => { if (detail === "emoticons") this.#showAnew(); });
    this.on(messenger.archive, "change", () => {
      this.#offerEarlier();
      this.#beginWithKept();
    });
    let shown = {};
    this.watch(state => {
      const { threads, contacts, session, phase } = state;
      const thread = threads.get(this.#key);
      if (!thread) return;
      const contact = thread.group ? null : contacts.get(fold(thread.participants[0]?.account ?? ""));
      const blind = isBlind(state);
      const next = { thread, contact, session, phase, blind, name: threadName(thread, contacts) };
      if (Object.entries(next).every(([name, value]) => shown[name] === value)) return;
      const isFirst = !shown.thread;
      if (shown.thread?.messages !== thread.messages) this.#showMessages(thread.messages, isFirst);
      this.#showPeople(thread, contact, contacts, session, phase, blind);
      const hasNews = thread.unread > 0 && !this.#isAtEnd;
      setHidden(pill, !hasNews);
      if (hasNews) setText(pill, words.newBelow(thread.unread));
      shown = next;
    });
    this.#beginWithKept();
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

  /**
   * Whether the person has gone up or to the end. Not only when the browser tells of it, which it does a frame after they have
   * scrolled: what comes in between must not take them elsewhere, nor count as read.
   */
  #look() {
    const { log } = this.#parts;
    // Out of sight, or of another height, it is not the person who has scrolled.
    if (log.scrollTop === this.#top || log.clientHeight === 0 || log.clientHeight !== this.#height) return;
    this.#top = log.scrollTop;
    this.#setAtEnd(isNearEnd(log));
  }

  #scrollToEnd() {
    const { log } = this.#parts;
    log.scrollTop = log.scrollHeight;
    this.#top = log.scrollTop;
  }

  #goToEnd() {
    this.#scrollToEnd();
    this.#setAtEnd(true);
    this.#parts.log.focus({ preventScroll: true });
  }

  #showAnew() {
    const { messages } = messenger.state.threads.get(this.#key) ?? {};
    this.#rows.forget();
    if (messages) this.#showRows(messages);
  }

  #showRows(messages) { this.#parts.list.show(this.#rows.of(messages, this.#from)); }

  /** The days' names are told anew when one begins. */
  #waitForMidnight() {
    this.#midnight = setTimeout(() => {
      this.#showAnew();
      this.#waitForMidnight();
    }, untilMidnight());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#midnight);
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

  #showMessages(messages, isFirst) {
    if (!isFirst) this.#look();
    const isAtEnd = isFirst || this.#isAtEnd
      || (messages.at(-1)?.own && messages.at(-1)?.delivery === "sending");
    this.#from = Math.min(this.#from, Math.max(0, messages.length - 1));
    if (isAtEnd && messages.length - this.#from > mostAtEnd) this.#from = messages.length - chunk;
    this.#showRows(messages);
    this.#offerEarlier();
    if (isAtEnd !== this.#isAtEnd) this.#setAtEnd(isAtEnd);
    if (isAtEnd) this.#scrollToEnd();
  }

  /** Whether there may be something from before, which is kept in this browser. */
  get #hasKept() { return messenger.archive.isOpen && messenger.state.threads.get(this.#key)?.hasAllKept !== true; }

  /**
   * One more page of what is kept, before whatever is there once it is this one's turn: who presses again while a page is on its
   * way means the next one. `isWanted()` is asked then; `show(action)` takes the page in, null where nothing is left to be shown.
   */
  #recall(isWanted, show) {
    this.#turn = this.#turn.then(async () => {
      const action = await this.#page(isWanted);
      // Another account may be in front by now, with a thread of the same person.
      if (!this.gone.aborted) show(action);
    }).catch(error => {
      // The next one has its turn all the same. That it is being forgotten meanwhile is no mistake.
      if (messenger.archive.isOpen) reportError(error);
    });
    return this.#turn;
  }

  /** The page of what is kept before what is there; null where none is wanted. */
  async #page(isWanted) {
    let first, messages;
    do {
      // What is kept goes before what the journal says.
      await messenger.recall.whenBuilt();
      if (this.gone.aborted || !this.#hasKept || !isWanted()) return null;
      first = this.#first;
      messages = await messenger.archive.before(this.#key, first, chunk);
      // All is read anew, or was meanwhile: between that page and what is there now others would be missing.
    } while (messenger.recall.isRebuilding || first?.key !== this.#first?.key);
    return { type: "thread.earlier", key: this.#key, messages, isAll: messages.length < chunk };
  }

  /** The first message that has a place in the gateway's order: what was written just now has none yet. */
  get #first() { return messenger.state.threads.get(this.#key)?.messages.find(({ place }) => place); }

  /** Where the journal says little, what is kept comes before it. */
  #beginWithKept() {
    this.#recall(() => messenger.state.threads.get(this.#key)?.messages.length < chunk,
      action => action && this.#quietly(() => messenger.store.dispatch(action)));
  }

  #showEarlier() {
    if (this.#from > 0) {
      this.#goUp(() => this.#showRows(messenger.state.threads.get(this.#key).messages));
      return;
    }
    if (this.#presses === mostPresses) return;
    this.#presses += 1;
    this.#recall(() => true, action => {
      if (action) this.#goUp(() => messenger.store.dispatch(action));
      else this.#offerEarlier();
    }).then(() => { this.#presses -= 1; });
  }

  /** What is in sight stays where it is while there is more above it. */
  #goUp(change) {
    const { log } = this.#parts;
    const fromEnd = log.scrollHeight - log.scrollTop;
    this.#setAtEnd(false);
    this.#quietly(() => {
      this.#from = Math.max(0, this.#from - chunk);
      change();
      this.#offerEarlier();
    });
    log.scrollTop = log.scrollHeight - fromEnd;
  }

  #offerEarlier() {
    const { earlier, cut, log } = this.#parts;
    const hasFocus = document.activeElement === earlier;
    setHidden(earlier, this.#from === 0 && !this.#hasKept);
    // Who has pressed it by keyboard goes on from where it was.
    if (hasFocus && earlier.hidden) log.focus({ preventScroll: true });
    setHidden(cut, !earlier.hidden || !messenger.state.historyIsCut || messenger.archive.isOpen);
  }

  /** What has been said before is no news. */
  #quietly(change) {
    const { log } = this.#parts;
    log.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => log.removeAttribute("aria-live"), 1000);
  }

  #retry(message) { messenger.outbox.resend(this.#key, message); }

  #hide() {
    messenger.conversations.hide(this.#key);
    if (narrow.matches) place.replace("chats");
    else place.go("chats");
    const places = "msn-thread textarea, msn-contacts .contact-open[tabindex='0'], msn-contacts input";
    document.querySelector(places)?.focus();
  }

  async #leave() {
    const isLeft = await messenger.conversations.leave(this.#key);
    if (isLeft && narrow.matches && !this.gone.aborted) place.replace("chats");
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
