// What the bell holds: mail, pages, alerts, who came, and what did not work, until it is read. Pure functions over the part
// of the state named `news`, whose newest entry is the first.

import { fold, isFriend } from "./contacts.js";

/** Events that become entries, and can be read again from the journal. */
const kinds = {
  "mail.received": "mail", "page.received": "page", "page.failed": "pageFailed", "alert.received": "alert",
  "server.notice": "notice"
};

/** More than anybody reads; the oldest go first. */
export const mostNews = 100;

/** What an entry is about: of each person or subject one toast is shown. */
function subjectOf(kind, data) {
  switch (kind) {
    case "mail": return `mail:${fold(data.from ?? data.displayName ?? "")}`;
    case "page": return `page:${fold(data.from ?? "")}`;
    case "pageFailed": return `pageFailed:${fold(data.to)}`;
    case "alert": return `alert:${data.id}`;
    case "came": return `came:${fold(data.account)}`;
    case "problem": return `problem:${data.what}`;
    default: return kind;
  }
}

/** Kinds of which a newer one about the same says all that the older one did. */
const replacing = new Set(["alert", "notice", "came", "problem"]);

/** Whether an event tells that somebody of the contacts has come. */
function isComing({ contacts }, { type, data }) {
  if (type !== "presence.changed" || data.previous !== "offline" || data.status === "offline") return false;
  const contact = contacts.get(fold(data.account));
  return contact !== undefined && isFriend(contact);
}

export function entryOf(kind, data, key, time) {
  return { key, kind, subject: subjectOf(kind, data), time, data };
}

/** Takes in an event that is news, as far as `isNews(entry)`: it is wanted, and not read yet. */
export function withNewsEvent(state, event, isNews) {
  const kind = isComing(state, event) ? "came" : kinds[event.type];
  if (!kind) return state;
  const entry = entryOf(kind, event.data, event.id, event.time);
  if (isNews(entry)) return withNews(state, entry);
  // Whoever has read the newer one needs no older one about the same.
  return replacing.has(kind)
    ? withoutNews(state, state.news.filter(other => other.subject === entry.subject).map(other => other.key)) : state;
}

export function withNews(state, entry) {
  if (state.news.some(other => other.key === entry.key)) return state;
  const others = replacing.has(entry.kind) ? state.news.filter(other => other.subject !== entry.subject) : state.news;
  return { ...state, news: [entry, ...others].slice(0, mostNews) };
}

/** Without the entries of these keys: they are read. */
export function withoutNews(state, keys) {
  const read = new Set(keys);
  const news = state.news.filter(entry => !read.has(entry.key));
  return news.length === state.news.length ? state : { ...state, news };
}

/** Entries that wait for somebody; who came is nice to know and waits for nobody. */
export const waitingNews = state => state.news.filter(entry => entry.kind !== "came");
