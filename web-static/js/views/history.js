// What is kept in this browser of what was said: whether, search in it, and each conversation to read and to save.

import { alert, announce } from "../core/announce.js";
import { messenger, place, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { bdi, h, setHidden, setText } from "../core/dom.js";
import { short, timeText } from "../core/text.js";
import { mostFound } from "../session/archive.js";
import { threadName } from "./chats.js";
import { strings } from "../strings.js";

const words = strings.history;
/** Milliseconds without another letter until it is looked for. */
const patience = 200;
/** Characters of a message among those that were found. */
const shown = 300;

/** A day as its field has it, from its beginning; the day after for the end of a span. Empty for no day. */
function moment(day, later = 0) {
  if (!day) return "";
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

const addressOf = (...path) => `#/history/${path.map(encodeURIComponent).join("/")}`;

/** Who has said something, as everybody here is called. */
export const saidBy = message => (message.own ? strings.chats.you : message.displayName ?? message.from ?? "");

export class History extends View {
  #section = null;

  render() {
    this.#section = null;
    this.on(messenger.archive, "change", () => {
      this.#section = null;
      this.#show();
    });
    this.on(messenger.archive, "full", () => {
      this.#section = null;
      this.#show();
      alert(words.full);
    });
    this.on(place, "change", () => this.#show());
    this.#show();
  }

  #show() {
    const [first, thread, message = ""] = place.path;
    if (first !== "history") return;
    const section = messenger.archive.isOpen && thread ? `${thread} ${message}` : "";
    if (section === this.#section) return;
    this.#section = section;
    if (section) {
      this.replaceChildren(h("msn-transcript", { "data-thread": thread, "data-message": message }));
      return;
    }
    this.replaceChildren(h("div", { class: "page" }, h("h2", {}, words.title),
      ...(messenger.archive.isOpen ? [this.#search(), this.#conversations()] : []), this.#keeping()));
  }

  /** Said once, for this account in this browser. */
  #keeping() {
    const { archive, state } = messenger;
    const account = state.session?.account ?? "";
    const problem = h("p", { class: "field-problem" }, archive.isFull ? words.full : "");
    const keep = h("button", {
      type: "button", class: "primary-button",
      onclick: async () => {
        await archive.keep();
        if (archive.isOpen) announce(words.isKept(short(account)));
        else alert(words.impossible);
        setText(problem, archive.isOpen ? "" : words.impossible);
      }
    }, words.keep);
    const forget = h("button", { type: "button", class: "small-button", onclick: () => this.#forget() }, words.forget);
    return h("section", { class: "card", "aria-label": words.keeping }, h("h3", {}, words.keeping),
      h("p", {}, archive.isOpen ? words.isKept(short(account)) : words.offer),
      h("p", { class: "hint" }, words.where), h("div", { class: "buttons" }, archive.isOpen ? forget : keep), problem);
  }

  async #forget() {
    const isSure = await ask({
      title: words.forgetTitle, content: h("p", {}, words.forgetText), submit: words.forgetSubmit, danger: true
    });
    if (!isSure) return;
    await messenger.archive.forget();
    announce(words.forgotten);
    this.querySelector("button")?.focus();
  }

  #search() {
    const text = h("input", { id: "history-text", type: "search", autocomplete: "off", spellcheck: "false" });
    const from = h("select", { id: "history-from" }, h("option", { value: "" }, words.anybody),
      h("option", { value: "own" }, strings.chats.you));
    const since = h("input", { id: "history-since", type: "date" });
    const until = h("input", { id: "history-until", type: "date" });
    const said = h("p", { class: "hint", role: "status" });
    const list = h("ul", { class: "found-list" });
    let timer = null;
    let turn = 0;
    const look = async () => {
      turn += 1;
      const mine = turn;
      const isAsked = [text, from, since, until].some(field => field.value.trim() !== "");
      const found = isAsked ? await messenger.archive.search({
        text: text.value, from: from.value, since: moment(since.value), until: moment(until.value, 1)
      }) : [];
      // Another letter has come.
      if (mine !== turn) return;
      setText(said, isAsked ? words.found(found.length, mostFound) : "");
      list.replaceChildren(...found.map(message => this.#found(message)));
    };
    for (const field of [text, from, since, until]) {
      field.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(look, patience);
      });
    }
    this.#offerSenders(from);
    const field = (input, label) => h("div", { class: "field" }, h("label", { for: input.id }, label), input);
    return h("section", { class: "card", "aria-label": words.search }, h("h3", {}, words.search),
      h("form", { role: "search", "aria-label": words.search, onsubmit: event => event.preventDefault() },
        field(text, words.text), h("div", { class: "field-row" }, field(from, words.from), field(since, words.since),
          field(until, words.until))), said, list);
  }

  async #offerSenders(select) {
    const people = new Map();
    for (const { participants } of await messenger.archive.threads()) {
      for (const { account, displayName } of participants) people.set(account, displayName);
    }
    select.append(...[...people].map(([account, name]) =>
      h("option", { value: account }, name === account ? account : short(`${name} (${account})`, 60))));
  }

  #found(message) {
    return h("li", {}, h("a", { class: "found", href: addressOf(message.thread, message.id) },
      h("span", { class: "found-who" }, bdi(short(saidBy(message)), { dir: "auto" }),
        h("time", { datetime: message.time }, timeText(message.time))),
      bdi(short(message.text ?? "", shown), { class: "found-text", dir: "auto" })));
  }

  #conversations() {
    const list = h("ul", { class: "found-list" });
    const none = h("p", { class: "empty" }, words.none);
    messenger.archive.threads().then(threads => {
      setHidden(none, threads.length > 0);
      list.replaceChildren(...threads.map(thread => h("li", {}, h("a", { class: "found", href: addressOf(thread.thread) },
        h("span", { class: "found-who" }, bdi(short(threadName(thread, messenger.state.contacts)), { dir: "auto" }),
          h("time", { datetime: thread.lastAt }, timeText(thread.lastAt)))))));
    });
    return h("section", { class: "card", "aria-label": words.conversations }, h("h3", {}, words.conversations), none, list);
  }
}
