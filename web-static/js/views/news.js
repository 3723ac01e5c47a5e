// The bell: how much waits to be read, and the list of it.

import { announce } from "../core/announce.js";
import { messenger, place, View } from "../core/context.js";
import { bdi, h, KeyedList, setAttribute, setHidden, setText } from "../core/dom.js";
import { figure, icon } from "../core/icons.js";
import { short, timeText } from "../core/text.js";
import { fold, pendingContacts } from "../state/contacts.js";
import { waitingNews } from "../state/news.js";
import { describe, newsWords } from "./news-item.js";
import { badge, iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.news;

export class News extends View {
  #panel = null;

  render() {
    const heading = h("h2", { id: "news-title" }, words.title);
    const all = h("button", {
      type: "button", class: "small-button",
      onclick: () => {
        messenger.readNews(messenger.state.news.map(entry => entry.key));
        announce(words.none);
        heading.focus();
      }
    }, words.readAll);
    heading.tabIndex = -1;
    const requests = h("ul", { class: "news-list" });
    const list = h("ul", { class: "news-list" });
    const none = h("p", { class: "empty" }, words.none);
    this.#panel = h("div", { class: "news-panel", popover: "auto", role: "dialog", "aria-labelledby": heading.id },
      h("div", { class: "news-head" }, heading, all,
        iconButton("close", strings.close, () => this.#panel.hidePopover())),
      h("div", { class: "news-body" }, requests, list, none));
    const bell = h("button", { type: "button", class: "icon-button bell", "aria-haspopup": "dialog" }, icon("bell"));
    bell.popoverTargetElement = this.#panel;
    this.#panel.addEventListener("toggle", event => { if (event.newState === "open") heading.focus(); });
    this.replaceChildren(bell, this.#panel);
    const asked = new KeyedList(requests, contact => this.#request(contact), (row, contact) =>
      setText(row.querySelector(".news-title bdi"), words.request(short(contact.displayName))));
    const rows = new KeyedList(list, entry => this.#row(entry), () => {});
    this.on(place, "change", () => this.#close());
    let before = {};
    this.watch(state => {
      const { contacts, news, phase } = state;
      if (contacts === before.contacts && news === before.news && phase === before.phase) return;
      before = { contacts, news, phase };
      // Nobody can be answered once the session is over.
      const pending = phase === "ended" ? [] : pendingContacts(contacts);
      // The focus stays in the list when what had it goes.
      const hadFocus = this.#panel.contains(document.activeElement);
      asked.show(pending.map(contact => [fold(contact.account), contact]));
      rows.show(news.map(entry => [entry.key, entry]));
      if (hadFocus && !this.#panel.contains(document.activeElement)) heading.focus();
      setHidden(none, pending.length + news.length > 0);
      setHidden(all, news.length === 0);
      const number = pending.length + waitingNews(state).length;
      setAttribute(bell, "aria-label", words.bell(number));
      setAttribute(bell, "title", words.bell(number));
      bell.querySelector(".badge")?.remove();
      if (number > 0) bell.append(badge(number, ""));
    });
  }

  #close() {
    if (this.#panel.matches(":popover-open")) this.#panel.hidePopover();
  }

  #row(entry) {
    const said = describe(entry);
    const done = () => messenger.readNews([entry.key]);
    return h("li", { class: said.isUrgent ? "news-entry urgent" : "news-entry" },
      h("span", { class: "news-picture" }, said.picture),
      h("div", { class: "news-words" }, ...newsWords(said, () => {
        done();
        this.#close();
      }), h("time", { datetime: entry.time }, timeText(entry.time))),
      iconButton("check", words.markRead(short(said.title, 80)), done));
  }

  /** It is answered where it stands beside the contacts. */
  #request({ account }) {
    return h("li", { class: "news-entry" }, h("span", { class: "news-picture" }, figure("offline")),
      h("div", { class: "news-words" },
        h("p", { class: "news-title" }, bdi("")), h("p", { class: "news-text" }, bdi(account)),
        h("p", { class: "news-doing" }, h("button", {
          type: "button", class: "small-button",
          onclick: () => {
            this.#close();
            place.go("contacts");
            document.querySelector(".requests-region")?.focus();
          }
        }, words.answer))));
  }
}
