// The open conversations as a list, for a narrow page: who, the last line, when, and what is unread.

import { messenger, View } from "../core/context.js";
import { bdi, h, KeyedList, setHidden, setText } from "../core/dom.js";
import { figure, icon, sign } from "../core/icons.js";
import { short, timeText } from "../core/text.js";
import { isBlind } from "../state/contacts.js";
import { threadName } from "./chats.js";
import { badge } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.chats;
/** Characters of a last line: more than one line on any page that is narrow. */
const shown = 120;

/** What was said last, and by whom where that is not plain. */
function lastLine({ messages, group, typing }) {
  if (typing.size > 0) return words.isTyping;
  const last = messages.findLast(message => message.kind === "text");
  if (!last) return "";
  const text = short((last.text ?? words.unknownContent("?")).replace(/\s+/g, " "), shown);
  if (last.own) return words.lineOf(words.you, text);
  return group ? words.lineOf(short(last.displayName ?? last.from, 30), text) : text;
}

const asThread = ({ thread, participants, lastAt, last }) => ({
  key: thread, group: false, participants, messages: [{ ...last, kind: "text" }], typing: new Map(), unread: 0, lastAt
});

export class Conversations extends View {
  render() {
    const list = h("ul", { class: "conversation-list" });
    const none = h("div", { class: "no-thread" }, sign(), h("h2", {}, words.none), h("p", {}, words.noneInList));
    this.replaceChildren(h("div", { class: "conversations" },
      h("h2", { class: "conversations-title" }, words.region), list, none));
    const items = new WeakMap();
    /** Conversations that are kept, as if they were open and nothing of them unread. */
    let kept = [];
    const rows = new KeyedList(list, ({ thread }) => this.#row(thread), (row, item) => this.#fill(row, item));
    const show = state => {
      const { threads, contacts } = state;
      const blind = isBlind(state);
      const open = [...threads.values()].filter(thread => thread.visible);
      const isOpen = new Set(open.map(({ key }) => key));
      // Only whom one can still write to.
      const others = kept.filter(({ key }) => !isOpen.has(key) && contacts.has(key.slice(2)));
      const visible = [...open, ...others].sort((one, other) =>
        (other.lastAt ?? "").localeCompare(one.lastAt ?? "") || (other.lastSeq ?? 0) - (one.lastSeq ?? 0));
      rows.show(visible.map(thread => {
        const name = threadName(thread, contacts);
        const status = thread.group ? "group" : blind ? "unknown" : contacts.get(thread.key.slice(2))?.status ?? "offline";
        const time = thread.lastAt ? timeText(thread.lastAt) : "";
        const look = `${status} ${time} ${thread.unread} ${name} ${lastLine(thread)}`;
        const known = items.get(thread);
        const item = known?.look === look ? known : { thread, name, status, time, look };
        items.set(thread, item);
        return [thread.key, item];
      }));
      setHidden(none, visible.length > 0);
      setHidden(list, visible.length === 0);
    };
    const recall = async () => {
      kept = (await messenger.archive.threads()).filter(({ group, last }) => !group && last).map(asThread);
      show(messenger.state);
    };
    this.on(messenger.archive, "change", recall);
    this.watch(show);
    recall();
  }

  #row({ key }) {
    return h("li", {}, h("a", { href: `#/chats/${encodeURIComponent(key)}`, class: "conversation" },
      h("span", { class: "conversation-picture" }),
      h("span", { class: "conversation-words" },
        h("span", { class: "conversation-top" }, bdi("", { class: "conversation-name", dir: "auto" }), h("time", {})),
        h("span", { class: "conversation-bottom" }, bdi("", { class: "conversation-line", dir: "auto" }),
          h("span", { class: "conversation-unread" })))));
  }

  #fill(row, { thread, name, status, time }) {
    row.querySelector(".conversation-picture").replaceChildren(status === "group" ? icon("contacts") : figure(status));
    setText(row.querySelector(".conversation-name"), short(name));
    setText(row.querySelector("time"), time);
    setText(row.querySelector(".conversation-line"), lastLine(thread));
    const unread = row.querySelector(".conversation-unread");
    unread.replaceChildren(...(thread.unread > 0 ? [badge(thread.unread, strings.contacts.unread(thread.unread))] : []));
    row.classList.toggle("unread", thread.unread > 0);
  }
}
