// One conversation as it is kept: to be read, from a message that was found or from its end, and to be saved.

import { messenger, View } from "../core/context.js";
import { bdi, h, KeyedList, setHidden } from "../core/dom.js";
import { short } from "../core/text.js";
import { asJSON, asText, save } from "../session/export.js";
import { threadName } from "./chats.js";
import { saidBy } from "./history.js";
import { LogRows } from "./log-rows.js";
import { fillMessage, makeMessage } from "./message.js";
import { strings } from "../strings.js";

const words = strings.history;
/** Messages in the document at first, and how many more each time. */
const chunk = 80;

export class Transcript extends View {
  async render() {
    const { thread: key, message: wanted } = this.dataset;
    const { archive, state } = messenger;
    const thread = (await archive.threads()).find(other => other.thread === key);
    const messages = (await archive.all(key)).map(message => ({ ...message, key: message.id, kind: "text", isKept: true }));
    if (!this.isConnected) return;
    const name = thread ? threadName(thread, state.contacts) : key;
    const button = (text, onclick) => h("button", { type: "button", class: "small-button", onclick }, text);
    const rows = h("div", { class: "rows" });
    const earlier = button(words.earlier, () => this.#more(-chunk));
    const later = button(words.later, () => this.#more(chunk));
    const heading = h("h2", { tabindex: "-1" }, bdi(short(name, 200), { dir: "auto" }));
    this.replaceChildren(h("div", { class: "page" },
      h("div", { class: "page-head" }, h("a", { href: "#/history" }, words.title), heading,
        h("div", { class: "buttons" },
          button(words.saveText, () => save(`${name}.txt`, "text/plain", asText(name, messages, saidBy))),
          button(words.saveJSON, () => save(`${name}.json`, "application/json", asJSON(thread, messages))))),
      h("section", { class: "card transcript", "aria-label": strings.chats.log(short(name)) },
        messages.length === 0 && h("p", { class: "empty" }, words.none), earlier, rows, later)));
    const index = messages.findIndex(({ id }) => id === wanted);
    const from = Math.max(0, (index < 0 ? messages.length : index + chunk / 2) - chunk);
    this.#shown = { messages, from, to: from + chunk, earlier, later, lines: new LogRows() };
    this.#list = new KeyedList(rows, makeMessage, (row, item) => fillMessage(row, item, () => {}));
    this.#show();
    const row = this.#list.element(wanted);
    if (row) {
      row.classList.add("found-here");
      row.scrollIntoView({ block: "center" });
      row.focus({ preventScroll: true });
    } else {
      heading.focus({ preventScroll: true });
      rows.lastElementChild?.scrollIntoView({ block: "end" });
    }
  }

  #list = null;
  #shown = null;

  #show() {
    const { messages, from, to, earlier, later, lines } = this.#shown;
    this.#list.show(lines.of(messages.slice(0, to), from));
    setHidden(earlier, from === 0);
    setHidden(later, to >= messages.length);
  }

  #more(step) {
    if (step < 0) this.#shown.from = Math.max(0, this.#shown.from + step);
    else this.#shown.to += step;
    this.#show();
  }
}
