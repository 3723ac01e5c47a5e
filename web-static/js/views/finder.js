// Finds a person, or an open conversation, by a few letters (WAI-ARIA Authoring Practices, combobox with a list).

import { messenger, place } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { bdi, h, setAttribute, setHidden, setText } from "../core/dom.js";
import { figure, icon } from "../core/icons.js";
import { short } from "../core/text.js";
import { fold, isBlind, isOnline } from "../state/contacts.js";
import { personKey } from "../state/threads.js";
import { threadName } from "./chats.js";
import { badge } from "./parts.js";
import { converse } from "./shell.js";
import { language, strings } from "../strings.js";

const words = strings.keys;
const collator = new Intl.Collator(language, { sensitivity: "base", numeric: true });
/** More is found by another letter. */
const most = 12;

/** Everybody and every open conversation: `{name, detail, unread, status, isThere, open()}`, what waits first. */
function candidates({ threads, contacts, ...state }) {
  const blind = isBlind(state);
  const known = new Set();
  const found = [];
  for (const thread of threads.values()) {
    if (!thread.visible && thread.unread === 0) continue;
    known.add(thread.key);
    const contact = contacts.get(thread.key.slice(2));
    found.push({
      name: threadName(thread, contacts), detail: thread.participants.map(person => person.account).join(", "),
      unread: thread.unread, status: thread.group ? "group" : blind ? "unknown" : contact?.status ?? "offline", rank: 0,
      open: () => place.go("chats", thread.key)
    });
  }
  for (const contact of contacts.values()) {
    if (contact.pending || known.has(personKey(contact.account))) continue;
    found.push({
      name: contact.displayName, detail: contact.account, unread: 0, status: blind ? "unknown" : contact.status,
      rank: isOnline(contact) ? 1 : 2, open: () => converse(contact.account)
    });
  }
  return found.sort((one, other) => (other.unread > 0) - (one.unread > 0) || one.rank - other.rank
    || collator.compare(one.name, other.name));
}

/** Those whose name or account has the letters; names that begin with them come first. */
function matching(all, text) {
  const wanted = fold(text.trim());
  const begins = ({ name }) => fold(name).startsWith(wanted);
  const found = all.filter(({ name, detail }) => fold(`${name} ${detail}`).includes(wanted));
  return (wanted === "" ? found : [...found.filter(begins), ...found.filter(one => !begins(one))]).slice(0, most);
}

const option = ({ name, detail, unread, status }, index) => h("li",
  { role: "option", id: `find-${index}`, class: "find-option" },
  status === "group" ? icon("contacts") : figure(status), bdi(short(name), { class: "find-name", dir: "auto" }),
  h("span", { class: "find-detail" }, detail), unread > 0 && badge(unread, strings.contacts.unread(unread)));

export async function findPerson() {
  const all = candidates(messenger.state);
  let found = [];
  let chosen = 0;
  const list = h("ul", { role: "listbox", id: "find-list", class: "find-list", "aria-label": words.people });
  const none = h("p", { class: "empty", role: "status" });
  const input = h("input", {
    role: "combobox", "aria-label": words.find, placeholder: words.find, autocomplete: "off", spellcheck: "false",
    "aria-expanded": "true", "aria-controls": list.id, "aria-autocomplete": "list"
  });
  const choose = index => {
    chosen = Math.max(0, Math.min(found.length - 1, index));
    for (const [place, element] of [...list.children].entries()) {
      setAttribute(element, "aria-selected", String(place === chosen));
      if (place === chosen) element.scrollIntoView({ block: "nearest" });
    }
    setAttribute(input, "aria-activedescendant", found.length > 0 ? `find-${chosen}` : null);
  };
  const show = () => {
    found = matching(all, input.value);
    list.replaceChildren(...found.map(option));
    setHidden(list, found.length === 0);
    setText(none, found.length === 0 ? strings.contacts.noneFound(input.value.trim()) : "");
    choose(0);
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", event => {
    const steps = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + most, PageUp: chosen - most };
    if (!(event.key in steps)) return;
    event.preventDefault();
    choose(steps[event.key]);
  });
  list.addEventListener("click", event => {
    const element = event.target.closest("li");
    if (!element) return;
    choose([...list.children].indexOf(element));
    input.form.requestSubmit();
  });
  show();
  const picked = await ask({
    title: words.findTitle, submit: words.open, answer: () => found[chosen] ?? null, content: [input, none, list],
    isAnswered: () => found.length > 0
  });
  if (picked) picked.open();
}
