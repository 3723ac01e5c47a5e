// The whole state as a pure function of actions: a snapshot, the events after it, and what the person does here.

import {
  allOffline, contactsFrom, patched, requested, withContact, withoutContact, withPresences
} from "./contacts.js";
import { entryOf, withNews, withNewsEvent, withoutNews } from "./news.js";
import * as threads from "./threads.js";

/** Events that the developer view keeps. */
export const feedLength = 500;

const lasting = new Set(threads.lastingTypes);

export const initialState = Object.freeze({
  /** signedOut, opening (the snapshot is on its way), live or ended */
  phase: "signedOut",
  session: null,
  /** When the backend went away, as far as known. */
  backendAwaySince: null,
  /** Null, or since when the gateway itself does not answer. */
  gatewayAwaySince: null,
  contacts: new Map(),
  privacy: null,
  phones: null,
  mail: null,
  conversations: new Map(),
  threads: new Map(),
  /** The newest `seq` that the threads have taken in, from the journal or live. */
  threadSeq: 0,
  /** Whether the journal no longer reaches back to the beginning. */
  historyIsCut: false,
  /** The thread that is shown; the one that is shown to somebody who looks; and that one while its end is in sight. */
  active: null,
  front: null,
  attention: null,
  /** Whether somebody reads further up in the thread that is shown. */
  isScrolledUp: false,
  /** What the bell holds, newest first. */
  news: [],
  /** The conversation into which the person here is bringing somebody, or null. */
  inviting: null,
  feed: []
});

function opened(state, { snapshot }) {
  let next = {
    ...state,
    phase: snapshot.session.state === "ended" ? "ended" : "live",
    session: snapshot.session,
    backendAwaySince: awaySince(snapshot.session, state.backendAwaySince),
    gatewayAwaySince: null,
    contacts: contactsFrom(snapshot.contacts),
    privacy: snapshot.privacy,
    phones: snapshot.phones ?? null,
    mail: snapshot.mail ?? null
  };
  const isOpen = new Set(snapshot.conversations.map(conversation => conversation.id));
  for (const conversation of next.conversations.values()) {
    if (!isOpen.has(conversation.id) && !conversation.closed) {
      next = threads.withThreadEvent(
        next, { id: `closed-${conversation.id}`, type: "conversation.closed", data: { conversation } }, () => true);
    }
  }
  for (const conversation of snapshot.conversations) next = threads.withOpenConversation(next, conversation);
  return next;
}

function awaySince(session, known) {
  if (session.state === "online" || session.state === "ended") return null;
  return known ?? session.lastReceivedAt ?? session.createdAt;
}

/** The journal's lasting events, read anew: builds the threads up to its end. */
function remembered(state, { events, isCut, readUpTo, isNews }) {
  let next = { ...state, historyIsCut: isCut };
  for (const event of events) {
    if (event.seq <= next.threadSeq) continue;
    next = threads.withThreadEvent(next, event, key => event.seq <= readUpTo(key));
    next = { ...next, threadSeq: event.seq };
    next = withNewsEvent(next, event, isNews);
  }
  // Whoever is looked at was chosen after all this: nobody is led to other readers by what happened long ago.
  return withFeed({ ...next, active: state.active }, events);
}

/** Of others nothing is known any more, and nobody sees us. */
function ended(state, session) {
  return {
    ...state, phase: "ended", session: { ...state.session, ...session, status: "offline" }, backendAwaySince: null,
    contacts: allOffline(state.contacts)
  };
}

/** A gap of which nobody knows the size: what was known of conversations may be another life's. */
function forgotten(state) {
  const { conversations, threads: none, threadSeq, active, front, attention, isScrolledUp, feed } = initialState;
  return { ...state, conversations, threads: none, threadSeq, active, front, attention, isScrolledUp, feed };
}

function happened(before, event, now, isNews) {
  const { data, type } = event;
  const state = withNewsEvent(before, event, isNews);
  if (lasting.has(type)) {
    if (event.seq <= state.threadSeq) return state;
    const next = threads.withThreadEvent(state, event, key => key === state.attention);
    return { ...next, threadSeq: event.seq };
  }
  switch (type) {
    case "session.state": {
      // Without `reason` and `retryAt` of the state before.
      const { reason: _, retryAt: __, ...kept } = state.session;
      const session = { ...kept, ...data };
      if (data.state === "ended") return ended(state, session);
      const isAway = data.state !== "online";
      return { ...state, session, phase: "live", backendAwaySince: isAway ? state.backendAwaySince ?? event.time : null };
    }
    case "session.updated": {
      const { profile: _, ...known } = data;
      return { ...state, session: { ...state.session, ...known } };
    }
    case "presence.own":
      return { ...state, session: { ...state.session, status: data.status } };
    // No news: they were there before.
    case "presence.initial":
      return { ...state, contacts: withPresences(state.contacts, data) };
    case "presence.changed": {
      const changes = { status: data.status, displayName: data.displayName };
      return { ...state, contacts: patched(state.contacts, data.account, changes) };
    }
    case "contact.added":
    case "contact.updated":
      return { ...state, contacts: withContact(state.contacts, data.contact) };
    case "contact.removed":
      return { ...state, contacts: withoutContact(state.contacts, data.contact) };
    case "contact.request":
      return { ...state, contacts: requested(state.contacts, data) };
    case "privacy.changed": return { ...state, privacy: data };
    case "phones.changed": return { ...state, phones: data };
    case "typing": return threads.withTyping(state, data, now);
    case "mail.status":
    case "mail.received":
    case "mail.changed": {
      const { inboxUnread = state.mail?.inboxUnread, foldersUnread = state.mail?.foldersUnread } = data;
      return { ...state, mail: { inboxUnread, foldersUnread } };
    }
    // Types that are newer than this page are shown to developers and change nothing.
    default: return state;
  }
}

/** For the developer view. What came while the journal was read is in both. */
function withFeed(state, events) {
  const newest = state.feed.at(-1)?.seq ?? 0;
  return { ...state, feed: [...state.feed, ...events.filter(event => event.seq > newest)].slice(-feedLength) };
}

function taken(state, { events, now, isNews }) {
  let next = state;
  for (const event of events) next = happened(next, event, now, isNews);
  return withFeed(next, events);
}

export function reduce(state, action) {
  // Nobody is signed in: whatever else still comes is of a session that was left, and would bring it back.
  if (state.phase === "signedOut" && action.type !== "opening") return state;
  switch (action.type) {
    case "opening": return { ...initialState, phase: "opening" };
    case "opened": return opened(state, action);
    case "remembered": return remembered(state, action);
    case "forgotten": return forgotten(state);
    case "events": return taken(state, action);
    case "ended": return ended(state, action.session);
    case "signedOut": return initialState;
    case "gateway.away": return { ...state, gatewayAwaySince: state.gatewayAwaySince ?? action.since };
    case "gateway.back": return { ...state, gatewayAwaySince: null };
    case "session.changed": return { ...state, session: { ...state.session, ...action.changes } };
    case "contact.changed": return { ...state, contacts: withContact(state.contacts, action.contact) };
    case "privacy.changed": return { ...state, privacy: action.privacy };
    case "phones.changed": return { ...state, phones: action.phones };
    case "thread.person":
      return {
        ...threads.withPerson(state, action.account, action.displayName), active: threads.personKey(action.account),
        isScrolledUp: state.isScrolledUp && state.active === threads.personKey(action.account)
      };
    case "thread.conversation": {
      const next = threads.withOpenConversation(state, action.conversation);
      const key = threads.keyOf(action.conversation);
      // Whoever has gone elsewhere meanwhile stays there.
      const isFollowed = state.active === action.from;
      return {
        ...threads.withVisibility(next, key, true), active: isFollowed ? key : state.active,
        isScrolledUp: state.isScrolledUp && !isFollowed
      };
    }
    case "invite.begun": return { ...state, inviting: action.conversationId };
    case "invite.failed":
      return state.inviting === action.conversationId ? { ...state, inviting: null } : state;
    case "thread.shown":
      return { ...threads.withVisibility(state, action.key, true), active: action.key, isScrolledUp: false };
    case "thread.hidden":
      return {
        ...threads.withRead(threads.withVisibility(state, action.key, false), action.key),
        active: state.active === action.key ? action.next : state.active,
        isScrolledUp: state.isScrolledUp && state.active !== action.key
      };
    case "thread.draft": return threads.withDraft(state, action.key, action.message);
    case "thread.outcome": return threads.withOutcome(state, action.key, action.clientRef, action.changes);
    case "thread.kept": return threads.withKept(state, action);
    case "thread.retracted": return threads.withoutMessage(state, action.key, action.clientRef, action.name);
    case "thread.earlier": return threads.withEarlier(state, action);
    case "thread.notice": return threads.withNotice(state, action.key, action.message);
    case "thread.read": return threads.withReadUpTo(state, action.key, action.seq, action.isBase);
    case "thread.scrolled":
      return state.active === action.key && state.isScrolledUp !== action.isUp
        ? { ...state, isScrolledUp: action.isUp } : state;
    case "attention": {
      // Whoever reads further up has not seen what comes at the end.
      const attention = state.isScrolledUp ? null : action.key;
      return action.key === state.front && attention === state.attention && !state.threads.get(attention)?.unread
        ? state
        : threads.withRead({ ...state, front: action.key, attention }, attention);
    }
    case "news": return withNews(state, entryOf(action.kind, action.data, action.key, action.time));
    case "news.read": return withoutNews(state, action.keys);
    case "tick": return threads.withoutOldTyping(state, action.now);
    default: throw new TypeError(`no action ${action.type}`);
  }
}
