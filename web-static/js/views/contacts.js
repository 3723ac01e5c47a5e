// Everybody, by presence: search, and what can be done with each.

import { announce } from "../core/announce.js";
import { messenger, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { bdi, h, KeyedList, setAttribute, setHidden, setText } from "../core/dom.js";
import { figure, icon } from "../core/icons.js";
import { openMenu } from "../core/menu.js";
import { preferences } from "../core/preferences.js";
import { short } from "../core/text.js";
import { fold, isBlind, isFriend, isOnline } from "../state/contacts.js";
import { personKey } from "../state/threads.js";
import { badge, definitions, iconButton, noOwn } from "./parts.js";
import { converse } from "./shell.js";
import { language, strings } from "../strings.js";

const words = strings.contacts;
const collator = new Intl.Collator(language, { sensitivity: "base", numeric: true });
const groups = ["online", "offline", "others"];

const groupOf = contact => (!isFriend(contact) ? "others" : isOnline(contact) ? "online" : "offline");

/** How somebody can be seen: not at all while the way to the server is broken. */
const seen = (contact, blind) => (blind ? "unknown" : contact.status);

const statusText = (contact, blind) => {
  const status = strings.presence[seen(contact, blind)] ?? contact.status;
  return contact.blocked ? `${status} · ${words.blocked}` : status;
};

export class Contacts extends View {
  #sorted = [];
  #contacts = null;
  #unread = new Map();
  /** The threads that are open, and the one of them that is shown. */
  #open = new Set();
  #active = null;
  #blind = false;
  #current = null;
  #search = "";
  #sections = new Map();
  #parts = {};

  render() {
    this.#contacts = null;
    const search = h("input", {
      type: "search", "aria-label": words.search, placeholder: words.search, autocomplete: "off", spellcheck: "false",
      oninput: () => {
        this.#search = search.value.trim().toLowerCase();
        this.#show();
      }
    });
    const none = h("p", { class: "empty" });
    const lists = h("div", { class: "groups" }, ...groups.map(name => this.#section(name)), none);
    const add = iconButton("add", words.add, () => this.#add());
    this.#parts = { search, none, lists };
    this.replaceChildren(h("section", { class: "contacts", "aria-label": words.region },
      h("div", { class: "contacts-tools" }, search, add), lists));
    lists.addEventListener("keydown", event => this.#step(event));
    lists.addEventListener("focusin", event => {
      const row = event.target.closest(".contact");
      if (row) this.#setCurrent(row.dataset.account);
    });
    lists.addEventListener("contextmenu", event => {
      const row = event.target.closest(".contact");
      if (!row) return;
      event.preventDefault();
      row.querySelector(".contact-more").click();
    });
    this.watch(state => {
      const { contacts, threads, phase, active } = state;
      add.disabled = phase === "ended";
      const unread = new Map();
      const open = new Set();
      for (const thread of threads.values()) {
        if (thread.unread > 0) unread.set(thread.key, thread.unread);
        if (thread.visible) open.add(thread.key);
      }
      const blind = isBlind(state);
      const isSame = contacts === this.#contacts && unread.size === this.#unread.size
        && [...unread].every(([key, number]) => this.#unread.get(key) === number)
        && open.size === this.#open.size && [...open].every(key => this.#open.has(key))
        && active === this.#active && blind === this.#blind;
      if (isSame) return;
      this.#unread = unread;
      this.#open = open;
      this.#active = active;
      this.#blind = blind;
      if (contacts !== this.#contacts) this.#sort(contacts);
      this.#show();
    });
  }

  #section(name) {
    const list = h("ul", { class: "contact-list", id: `group-${name}` });
    const title = h("span", {});
    const toggle = h("button", {
      type: "button", class: "group-toggle", "aria-controls": list.id,
      onclick: () => {
        const collapsed = preferences.get("collapsed");
        const isCollapsed = collapsed.includes(name);
        preferences.set("collapsed", isCollapsed ? collapsed.filter(other => other !== name) : [...collapsed, name]);
        this.#show();
      }
    }, title);
    const section = h("div", { class: "group" }, h("h2", {}, toggle), list);
    const rows = new KeyedList(list, item => this.#row(item.contact), (row, item) => this.#fill(row, item));
    this.#sections.set(name, { section, list, title, toggle, rows, items: new WeakMap() });
    return section;
  }

  /** Sorting is what takes time; it happens only when a name or a presence has changed. */
  #sort(contacts) {
    this.#contacts = contacts;
    this.#sorted = [...contacts.values()].filter(contact => !contact.pending)
      .sort((one, other) =>
        collator.compare(one.displayName, other.displayName) || (one.account < other.account ? -1 : 1));
  }

  #show() {
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    const focusedAccount = focused?.closest(".contact")?.dataset.account;
    const isMore = focused?.classList.contains("contact-more");
    const found = this.#search
      ? this.#sorted.filter(({ account, displayName }) =>
        displayName.toLowerCase().includes(this.#search) || account.toLowerCase().includes(this.#search))
      : this.#sorted;
    const collapsed = preferences.get("collapsed");
    for (const [name, { section, list, title, toggle, rows, items }] of this.#sections) {
      const members = found.filter(contact => groupOf(contact) === name);
      rows.show(members.map(contact => [fold(contact.account), this.#item(items, contact)]));
      setHidden(section, members.length === 0);
      const groupName = this.#blind && name === "online" ? words.onlineBefore : words[name];
      setText(title, words.group(groupName, members.length));
      const isOpen = this.#search !== "" || !collapsed.includes(name);
      setAttribute(toggle, "aria-expanded", String(isOpen));
      setHidden(list, !isOpen);
    }
    setHidden(this.#parts.none, found.length > 0);
    setText(this.#parts.none, this.#search ? words.noneFound(this.#search) : words.none);
    this.#setCurrent(this.#current);
    // Whoever was on a row that went to another group is on it there.
    if (focusedAccount && !this.contains(document.activeElement)) {
      const row = this.#find(focusedAccount) ?? this.#visibleRows()[0];
      (row?.querySelector(isMore ? ".contact-more" : ".contact-open") ?? this.#parts.search).focus();
    }
  }

  /** The same object as long as nothing of the row has changed. */
  #item(items, contact) {
    const key = personKey(contact.account);
    const unread = this.#unread.get(key) ?? 0;
    const isOpen = this.#open.has(key);
    const isActive = isOpen && key === this.#active;
    const blind = this.#blind;
    const known = items.get(contact);
    const isSame = known?.unread === unread && known.isOpen === isOpen && known.isActive === isActive
      && known.blind === blind;
    if (isSame) return known;
    const item = { contact, unread, isOpen, isActive, blind };
    items.set(contact, item);
    return item;
  }

  #row(contact) {
    const { account } = contact;
    const more = iconButton("more", "", () => this.#menu(account, more), {
      class: "icon-button contact-more", "aria-haspopup": "menu", "aria-expanded": "false", tabindex: "-1"
    });
    return h("li", { class: "contact", "data-account": fold(account) },
      h("button", { type: "button", class: "contact-open", tabindex: "-1", onclick: () => converse(account) },
        h("span", { class: "contact-picture" }), bdi("", { class: "contact-name", dir: "auto" }),
        h("span", { class: "contact-status" }), h("span", { class: "contact-unread" })),
      more);
  }

  #fill(row, { contact, unread, isOpen, isActive, blind }) {
    const name = short(contact.displayName);
    const status = statusText(contact, blind);
    const look = `${seen(contact, blind)} ${contact.blocked}`;
    if (row.dataset.look !== look) {
      row.dataset.look = look;
      row.querySelector(".contact-picture").replaceChildren(figure(seen(contact, blind), contact.blocked));
      row.classList.toggle("away", blind || !isOnline(contact));
    }
    row.classList.toggle("open", isOpen);
    setAttribute(row.querySelector(".contact-open"), "aria-current", isActive ? "true" : null);
    setText(row.querySelector(".contact-name"), contact.displayName);
    const isPlain = (contact.status === "online" || blind) && !contact.blocked;
    setText(row.querySelector(".contact-status"), isPlain ? "" : `(${status})`);
    row.querySelector(".contact-unread").replaceChildren(...(unread > 0 ? [badge(unread, words.unread(unread))] : []));
    const label = unread > 0 ? `${words.row(name, status)}, ${words.unread(unread)}` : words.row(name, status);
    row.querySelector(".contact-open").setAttribute("aria-label", label);
    row.querySelector(".contact-open").setAttribute("title",
      short(contact.displayName === contact.account ? contact.account : `${contact.displayName} (${contact.account})`,
        200));
    const more = row.querySelector(".contact-more");
    more.setAttribute("aria-label", words.actions(name));
    more.setAttribute("title", words.actions(name));
  }

  // One row takes part in the order of Tab; the arrows go from row to row.

  #visibleRows() { return [...this.querySelectorAll(".contact-list:not([hidden]) > .contact")]; }

  #find(account) { return this.querySelector(`.contact[data-account="${CSS.escape(account)}"]`); }

  #setCurrent(account) {
    const before = this.querySelectorAll(".contact [tabindex='0']");
    let row = account && this.#find(account);
    if (!row || row.parentElement.hidden) row = this.querySelector(".contact-list:not([hidden]) > .contact");
    this.#current = row?.dataset.account ?? null;
    for (const element of before) if (!row?.contains(element)) element.tabIndex = -1;
    if (row) for (const button of row.querySelectorAll("button")) if (button.tabIndex !== 0) button.tabIndex = 0;
  }

  #step(event) {
    const row = event.target.closest(".contact");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const part = event.target.classList.contains("contact-more") ? ".contact-more" : ".contact-open";
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      row.querySelector(event.key === "ArrowRight" ? ".contact-more" : ".contact-open").focus();
      return;
    }
    const rows = this.#visibleRows();
    const index = rows.indexOf(row);
    const steps = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, steps[event.key]))].querySelector(part).focus();
  }

  // What can be done with somebody

  #menu(account, anchor) {
    const contact = messenger.state.contacts.get(fold(account));
    if (!contact) return;
    const name = short(contact.displayName);
    const isOver = messenger.state.phase === "ended";
    openMenu(anchor, words.actions(name), [
      { label: words.message, icon: icon("chats"), select: () => converse(account) },
      { label: words.details, icon: icon("question"), select: () => this.#details(contact) },
      ...(isOver ? [] : [
        contact.blocked
          ? { label: words.unblock, icon: icon("check"), select: () => messenger.actions.unblock(account) }
          : { label: words.block, icon: icon("close"), select: () => messenger.actions.block(account) },
        isFriend(contact)
          ? { label: words.remove, icon: icon("leave"), danger: true, select: () => this.#remove(contact) }
          : { label: words.addToo, icon: icon("add"), select: () => this.#addAccount(account) }
      ])
    ]);
  }

  #details(contact) {
    const phones = Object.entries(contact.phones ?? {}).filter(([name, value]) => name !== "mobileMessaging" && value)
      .map(([name, value]) => `${strings.settings[name]}: ${value}`);
    return ask({
      title: words.detailsTitle(short(contact.displayName)),
      content: [
        h("p", { class: "details-name" }, figure(seen(contact, isBlind(messenger.state)), contact.blocked),
          bdi(contact.displayName, { dir: "auto" })),
        definitions([
          [words.account, contact.account], [words.status, statusText(contact, isBlind(messenger.state))],
          [words.lists, contact.lists.map(list => words.listNames[list] ?? list).join(", ")],
          [words.phones, phones.join(", ") || words.noPhones]
        ])
      ]
    });
  }

  async #remove(contact) {
    const isSure = await ask({
      title: words.removeTitle(short(contact.displayName)), content: h("p", {}, words.removeText),
      submit: words.removeSubmit, danger: true
    });
    if (isSure) await messenger.actions.remove(contact.account);
    this.#parts.search.focus();
  }

  async #add() {
    const input = h("input", {
      id: "add-account", type: "email", required: true, autocomplete: "off", spellcheck: "false", maxlength: "129",
      "aria-describedby": "add-hint"
    });
    noOwn(input);
    const account = await ask({
      title: words.addTitle, submit: words.addSubmit, answer: () => input.value.trim(),
      act: wanted => messenger.actions.adding(wanted),
      content: h("div", { class: "field" }, h("label", { for: "add-account" }, words.account), input,
        h("p", { id: "add-hint", class: "hint" }, words.addHint))
    });
    if (account && !this.gone.aborted) announce(words.added(short(account)));
  }

  async #addAccount(account) {
    if (await messenger.actions.add(account) && !this.gone.aborted) announce(words.added(short(account)));
  }
}
