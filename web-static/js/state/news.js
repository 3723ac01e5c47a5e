// What the bell holds: mail, pages, alerts, who came, and what did not work, until it is read. Pure functions over the part
// of the state named `news`, whose newest entry is the first.

import { fold } from "./contacts.js";

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

/** `{key, kind, subject, time, data}` of an event; null for one that is no news. */
export function newsOf(event) {
  const kind = kinds[event.type];
  return kind ? entryOf(kind, event.data, event.id, event.time) : null;
}

export function entryOf(kind, data, key, time) {
  return { key, kind, subject: subjectOf(kind, data), time, data };
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
