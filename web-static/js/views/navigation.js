// Where one can go, and what waits there.

import { messenger, place, View } from "../core/context.js";
import { h, setAttribute } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { openMenu } from "../core/menu.js";
import { pendingContacts } from "../state/contacts.js";
import { unreadTotal } from "../state/threads.js";
import { badge } from "./parts.js";
import { strings } from "../strings.js";

const names = ["contacts", "chats", "history", "services", "settings", "developer", "operator"];
/** On a narrow page these are behind a menu: few come to a phone for them. */
const rare = ["history", "developer", "operator"];

export class Navigation extends View {
  render() {
    const links = new Map(names.map(name => [name, {
      link: h("a", { href: `#/${name}`, class: `to-${name}`, title: strings.navigation[name] }, icon(name),
        h("span", { class: "link-name" }, strings.navigation[name])),
      waiting: 0
    }]));
    const more = h("button", {
      type: "button", class: "to-more", "aria-haspopup": "menu", "aria-expanded": "false",
      onclick: () => openMenu(more, strings.more, rare.map(name => ({
        label: strings.navigation[name], icon: icon(name), select: () => place.go(name)
      })))
    }, icon("more"), h("span", { class: "link-name" }, strings.more));
    this.replaceChildren(h("nav", { "aria-label": strings.navigation.label },
      h("ul", {}, ...[...links.values()].map(({ link }) => h("li", {}, link)), h("li", { class: "more-place" }, more))));
    const mark = () => {
      const at = names.includes(place.path[0]) ? place.path[0] : "contacts";
      for (const [name, { link }] of links) setAttribute(link, "aria-current", name === at ? "page" : null);
      setAttribute(more, "aria-current", rare.includes(at) ? "true" : null);
    };
    const wait = (name, number, label) => {
      const entry = links.get(name);
      if (entry.waiting === number) return;
      entry.waiting = number;
      entry.link.querySelector(".badge")?.remove();
      if (number > 0) entry.link.append(badge(number, label));
    };
    this.on(place, "change", mark);
    mark();
    this.watch(state => {
      const unread = unreadTotal(state);
      wait("chats", unread, strings.contacts.unread(unread));
      const requests = state.phase === "ended" ? 0 : pendingContacts(state.contacts).length;
      wait("contacts", requests, strings.requests.number(requests));
      const mail = state.mail?.inboxUnread ?? 0;
      wait("services", mail, strings.me.mail(mail));
    });
  }
}
