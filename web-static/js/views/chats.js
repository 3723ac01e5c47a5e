// The open conversations as tabs, and the one that is in front.

import { messenger, place, View } from "../core/context.js";
import { bdi, h, KeyedList, setAttribute, setHidden, setText } from "../core/dom.js";
import { figure, icon, sign } from "../core/icons.js";
import { short, visibleName } from "../core/text.js";
import { fold, isBlind } from "../state/contacts.js";
import { badge } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.chats;

/** What a thread is called: who is in it, by their names of now. */
export function threadName(thread, contacts) {
  const names = thread.participants.map(({ account, displayName }) =>
    contacts.get(fold(account))?.displayName ?? visibleName(displayName, account));
  // A group of which one is left is not the conversation with that one.
  return thread.group && names.length < 2 ? words.group(names[0] ?? words.nobody) : names.join(", ");
}

export class Chats extends View {
  #shown = null;

  render() {
    this.#shown = null;
    const tabs = h("div", { role: "tablist", "aria-label": words.list, class: "tabs" });
    const panel = h("div", { role: "tabpanel", id: "thread-panel", class: "thread-place" });
    const empty = h("div", { class: "no-thread" }, sign(), h("h2", {}, words.none), h("p", {}, words.noneText));
    this.replaceChildren(h("section", { class: "chats", "aria-label": words.region },
      h("msn-conversations"), tabs, panel, empty));
    const items = new WeakMap();
    const list = new KeyedList(tabs, item => this.#tab(item.thread.key), (tab, item) => this.#fill(tab, item));
    tabs.addEventListener("keydown", event => this.#step(event, tabs));
    this.watch(state => {
      const { threads, contacts, active } = state;
      const blind = isBlind(state);
      const visible = [...threads.values()].filter(thread => thread.visible);
      list.show(visible.map(thread => {
        const name = threadName(thread, contacts);
        const seen = blind ? "unknown" : contacts.get(thread.key.slice(2))?.status ?? "offline";
        const status = thread.group ? "group" : seen;
        const look = `${thread.unread} ${status} ${thread.key === active} ${name}`;
        let item = items.get(thread);
        // A message changes the thread, but rarely its tab.
        if (item?.look !== look) item = { thread, name, status, look, isActive: thread.key === active };
        items.set(thread, item);
        return [thread.key, item];
      }));
      setHidden(tabs, visible.length === 0);
      const isShown = threads.get(active)?.visible === true;
      setHidden(empty, isShown);
      setHidden(panel, !isShown);
      const key = isShown ? active : null;
      if (key === this.#shown) return;
      this.#shown = key;
      panel.replaceChildren(...(key ? [h("msn-thread", { "data-key": key })] : []));
      setAttribute(panel, "aria-labelledby", key ? this.#id(key) : null);
      if (key) list.element(key)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  }

  #id(key) { return `tab-${encodeURIComponent(key)}`; }

  #tab(key) {
    return h("button", {
      type: "button", role: "tab", class: "tab", id: this.#id(key), "aria-controls": "thread-panel",
      onclick: event => {
        // A click of the mouse means to write there, the keyboard's may mean to go on to the next one.
        if (event.detail > 0) event.currentTarget.blur();
        place.go("chats", key);
      }
    },
    h("span", { class: "tab-picture" }), bdi("", { class: "tab-name", dir: "auto" }),
    h("span", { class: "tab-unread" }));
  }

  #fill(tab, { thread, name, status, isActive }) {
    setAttribute(tab, "aria-selected", String(isActive));
    tab.tabIndex = isActive ? 0 : -1;
    if (tab.dataset.status !== status) {
      tab.dataset.status = status;
      tab.querySelector(".tab-picture").replaceChildren(status === "group" ? icon("contacts") : figure(status));
    }
    setText(tab.querySelector(".tab-name"), short(name, 40));
    tab.querySelector(".tab-unread").replaceChildren(
      ...(thread.unread > 0 ? [badge(thread.unread, "")] : []));
    setAttribute(tab, "aria-label", words.tab(short(name), thread.unread));
  }

  #step(event, tabs) {
    const all = [...tabs.children];
    const index = all.indexOf(event.target.closest(".tab"));
    const steps = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: all.length - 1 };
    if (index < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const next = all.at(steps[event.key] % all.length);
    next.click();
    next.focus();
  }
}
