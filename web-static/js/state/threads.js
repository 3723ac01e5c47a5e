// Conversations as a person sees them. A thread with one person goes on over any number of conversations of the API; a
// group's thread is one conversation. Pure functions over the parts of the state named `conversations` and `threads`.

import { fold } from "./contacts.js";

/** Events that build threads; they can be read again from the journal, typing can't. */
export const lastingTypes = [
  "conversation.opened", "conversation.closed", "participant.joined", "participant.left", "message.received",
  "message.sent", "message.delivered", "message.unconfirmed", "message.failed", "invitation.received"
];

export const personKey = account => `p:${fold(account)}`;
const groupKey = id => `c:${id}`;

/** How long somebody counts as typing without another word of it (the protocol's clients send it every 5 s). */
export const typingLasts = 6000;

export function keyOf(conversation) {
  return conversation.group || conversation.participants.length !== 1
    ? groupKey(conversation.id)
    : personKey(conversation.participants[0].account);
}

function emptyThread(key, conversation) {
  return {
    key,
    group: key.startsWith("c:"),
    participants: conversation.participants,
    conversationId: conversation.id ?? null,
    messages: [],
    unread: 0,
    typing: new Map(),
    visible: false,
    /** Whether the others were there when last heard of, however they appear: what is said now arrives. */
    isReached: false,
    lastAt: null,
    /** The number of the last event of it, for those of one millisecond. */
    lastSeq: 0
  };
}

function withThread(state, thread) {
  return { ...state, threads: new Map(state.threads).set(thread.key, thread) };
}

function withConversation(state, conversation) {
  return { ...state, conversations: new Map(state.conversations).set(conversation.id, conversation) };
}

/** Opens the thread with a person before there is any conversation. */
export function withPerson(state, account, displayName) {
  const key = personKey(account);
  const thread = state.threads.get(key)
    ?? emptyThread(key, { id: null, participants: [{ account, displayName }] });
  return withThread(state, { ...thread, visible: true });
}

/** Takes in a conversation as the API shows it; `isOpen` false only where it is known to have ended. */
export function withOpenConversation(state, conversation, isOpen = true) {
  const next = withConversation(state, { ...conversation, closed: !isOpen });
  const key = keyOf(conversation);
  const known = next.threads.get(key);
  const thread = known
    ? {
      ...known, participants: conversation.participants,
      conversationId: isOpen ? conversation.id : known.conversationId
    }
    : emptyThread(key, conversation);
  return withThread(next, thread);
}

/** The thread of a conversation's ID; one that was never seen opening is made of what is known. */
function located(state, id, person) {
  const known = state.conversations.get(id);
  if (known) {
    const thread = state.threads.get(keyOf(known));
    if (thread) return [state, thread];
  }
  const conversation = known ?? { id, participants: person ? [person] : [], group: false };
  const next = withOpenConversation(state, conversation);
  return [next, next.threads.get(keyOf(conversation))];
}

function appended(thread, message) {
  const { messages } = thread;
  // The journal tells of what is kept too, which stands where it belongs.
  const known = lastIndex(messages, other => other.isKept && other.id === message.id);
  return {
    ...thread, messages: known < 0 ? [...messages, message] : messages.with(known, message), lastAt: message.time,
    lastSeq: message.place?.[1] ?? 0, visible: true
  };
}

/** Where something stands in the gateway's order: several are told in one millisecond. */
const placeOf = event => [event.time, event.seq];

function notice(event, what, details = {}) {
  return { key: event.id, kind: "notice", what, time: event.time, place: placeOf(event), ...details };
}

/** Finds a message from the end, where it almost always is. */
function lastIndex(messages, matches) {
  for (let index = messages.length - 1; index >= 0; index -= 1) if (matches(messages[index])) return index;
  return -1;
}

function replaced(state, thread, index, changes) {
  const messages = thread.messages.slice();
  messages[index] = { ...messages[index], ...changes };
  return withThread(state, { ...thread, messages });
}

/** Changes an own message wherever it is, first of all in `thread`; null when it is nowhere. */
function settled(state, thread, matches, changes) {
  const others = [...state.threads.values()].filter(other => other.key !== thread?.key);
  for (const candidate of thread ? [thread, ...others] : others) {
    const index = lastIndex(candidate.messages, matches);
    if (index < 0) continue;
    const known = candidate.messages[index];
    // The outcome comes once and is final, however late the answer to the call is.
    const final = known.delivery && !["sending", "waiting", "pending", "kept"].includes(known.delivery);
    const next = final && changes.delivery ? { ...changes, delivery: known.delivery, reason: known.reason } : { ...changes };
    // The first event that tells of it says where it stands.
    if (known.place) next.place = known.place;
    // What is kept is not what is known any more.
    if (known.isKept) next.isKept = false;
    return replaced(state, candidate, index, next);
  }
  return null;
}

function received(state, event, isRead) {
  const { data } = event;
  const person = { account: data.from, displayName: data.displayName };
  const [next, thread] = located(state, data.conversationId, person);
  const typing = new Map(thread.typing);
  typing.delete(fold(data.from));
  const message = {
    key: event.id, kind: "text", own: false, id: data.messageId, from: data.from, displayName: data.displayName,
    text: data.text, format: data.format, contentType: data.contentType, time: event.time, seq: event.seq, place: placeOf(event)
  };
  const unread = isRead(thread.key) ? thread.unread : thread.unread + 1;
  return withThread(next, { ...appended(thread, message), typing, unread, isReached: true });
}

function sent(state, event) {
  const { data } = event;
  const [next, thread] = located(state, data.conversationId, null);
  const matches = message => message.own
    && (message.id === data.messageId || (data.clientRef !== undefined && message.clientRef === data.clientRef));
  const { messageId: id, conversationId, clientRef } = data;
  const own = { id, conversationId, delivery: "pending", place: placeOf(event), ...(clientRef !== undefined && { clientRef }) };
  return settled(next, thread, matches, own)
    // Somebody else who reads this session has written it.
    ?? withThread(next, appended(thread, {
      key: event.id, kind: "text", own: true, text: data.text, format: data.format,
      time: event.time, ...own
    }));
}

function outcome(state, event) {
  const { data } = event;
  const delivery = event.type.slice("message.".length);
  const known = state.conversations.get(data.conversationId);
  const thread = known && state.threads.get(keyOf(known));
  const matches = message => message.own
    && (message.id === data.messageId || (data.clientRef !== undefined && message.clientRef === data.clientRef));
  const changes = { id: data.messageId, delivery, reason: data.reason };
  const reached = withReach(state, thread, delivery);
  const found = settled(reached, reached.threads.get(thread?.key), matches, { ...changes, place: placeOf(event) });
  if (found || data.text === undefined) return found ?? reached;
  // Its beginning is no longer kept, and with it its place; or it failed before it was sent.
  const [next, place] = located(state, data.conversationId, null);
  return withThread(next, appended(place, {
    key: event.id, kind: "text", own: true, clientRef: data.clientRef, text: data.text, time: event.time,
    place: placeOf(event), isOutcome: true, ...changes
  }));
}

/** What became of a message says whether the others are there. */
function withReach(state, thread, delivery) {
  const isReached = delivery === "delivered";
  if (!thread || thread.isReached === isReached || !isReached && delivery !== "failed") return state;
  return withThread(state, { ...thread, isReached });
}

function joined(state, event) {
  const { conversationId, account, displayName } = event.data;
  const [next, thread] = located(state, conversationId, { account, displayName });
  const before = next.conversations.get(conversationId);
  const isThere = before.participants.some(person => fold(person.account) === fold(account));
  const participants = isThere ? before.participants : [...before.participants, { account, displayName }];
  const group = before.group || participants.length > 1;
  const after = { ...before, participants, group, closed: false };
  let result = withConversation(next, after);
  const key = keyOf(after);
  if (key === thread.key) {
    const same = { ...thread, participants, conversationId, isReached: true };
    return withThread(result, group && !isThere ? appended(same, notice(event, "joined", { displayName })) : same);
  }
  // A third person: what was said between two stays between them, and a group begins.
  result = withThread(result, { ...thread, conversationId: null });
  const begun = {
    ...emptyThread(key, after), ...result.threads.get(key), participants, group: true, conversationId, isReached: true
  };
  result = withThread(result, appended(begun, notice(event, "joined", { displayName })));
  // Only whoever has asked for it is led there: nobody's next line goes to people whom others bring in.
  if (state.inviting !== conversationId) return result;
  return { ...result, inviting: null, active: result.active === thread.key ? key : result.active };
}

function left(state, event) {
  const { conversationId, account, displayName } = event.data;
  const conversation = state.conversations.get(conversationId);
  // With one person it is but an idle close, which the next message makes good where they are online.
  if (!conversation?.group) {
    const alone = conversation && state.threads.get(keyOf(conversation));
    return alone?.isReached ? withThread(state, { ...alone, isReached: false }) : state;
  }
  const participants = conversation.participants.filter(person => fold(person.account) !== fold(account));
  const next = withConversation(state, { ...conversation, participants });
  const thread = next.threads.get(keyOf(conversation));
  if (!thread) return next;
  // With nobody left the next word is for whoever went last.
  const reached = participants.length > 0 ? participants : thread.participants;
  return withThread(next, { ...appended(thread, notice(event, "left", { displayName })), participants: reached });
}

function closed(state, event) {
  const { conversation, reason } = event.data;
  const known = state.conversations.get(conversation.id) ?? conversation;
  const next = withConversation(state, { ...known, closed: true });
  const thread = next.threads.get(keyOf(known));
  if (!thread || thread.conversationId !== conversation.id) return next;
  const ended = { ...thread, conversationId: null, typing: new Map(), isReached: false };
  return withThread(next,
    thread.group && thread.visible ? appended(ended, notice(event, "closed", { reason })) : ended);
}

function invited(state, event) {
  const { conversationId, from, application, fileName, fileSize, answer } = event.data;
  const [next, thread] = located(state, conversationId, { account: from, displayName: from });
  return withThread(next,
    appended(thread, notice(event, "invitation", { from, application, fileName, fileSize, answer })));
}

/** Applies one lasting event; `isRead(key)` tells whether the thread is in front of a person's eyes. */
export function withThreadEvent(state, event, isRead) {
  switch (event.type) {
    case "conversation.opened": return withOpenConversation(state, event.data.conversation);
    case "conversation.closed": return closed(state, event);
    case "participant.joined": return joined(state, event);
    case "participant.left": return left(state, event);
    case "message.received": return received(state, event, isRead);
    case "message.sent": return sent(state, event);
    case "message.delivered":
    case "message.unconfirmed":
    case "message.failed": return outcome(state, event);
    case "invitation.received": return invited(state, event);
    default: return state;
  }
}

/** `typing`, which lasts until `now + typingLasts` unless a message comes first. */
export function withTyping(state, { conversationId, account }, now) {
  const contact = state.contacts.get(fold(account));
  const [next, thread] = located(state, conversationId, { account, displayName: contact?.displayName ?? account });
  return withThread(next, { ...thread, typing: new Map(thread.typing).set(fold(account), now + typingLasts) });
}

/** Forgets who has stopped typing. */
export function withoutOldTyping(state, now) {
  let next = state;
  for (const thread of state.threads.values()) {
    if (![...thread.typing.values()].some(until => until <= now)) continue;
    next = withThread(next, { ...thread, typing: new Map([...thread.typing].filter(([, until]) => until > now)) });
  }
  return next;
}

/** A message that is about to be sent, shown at once. */
export function withDraft(state, key, { clientRef, text, format, time }) {
  const thread = state.threads.get(key);
  const message = { key: clientRef, kind: "text", own: true, clientRef, text, format, time, delivery: "sending" };
  return thread ? withThread(state, appended(thread, message)) : state;
}

/** What became of a call that sent a message: changes by its `clientRef`. */
export function withOutcome(state, key, clientRef, changes) {
  const next = withReach(state, state.threads.get(key), changes.delivery);
  return settled(next, next.threads.get(key), message => message.own && message.clientRef === clientRef, changes) ?? next;
}

/** Takes back a message that failed, before it is sent once more: by its key as `name`, or else by its `clientRef`. */
export function withoutMessage(state, key, clientRef, name) {
  const thread = state.threads.get(key);
  if (!thread) return state;
  const isOther = message => (name === undefined ? message.clientRef !== clientRef : message.key !== name);
  return withThread(state, { ...thread, messages: thread.messages.filter(isOther) });
}

/** What is kept from before, oldest first; with `isAll` there is nothing before it. */
export function withEarlier(state, { key, messages, isAll }) {
  const thread = state.threads.get(key);
  if (!thread) return state;
  const known = new Set(thread.messages.map(message => message.id));
  const earlier = messages.filter(({ id }) => !known.has(id))
    .map(message => ({ ...message, key: `kept-${message.id}`, kind: "text", isKept: true }));
  return withThread(state, { ...thread, messages: [...earlier, ...thread.messages], hasAllKept: isAll });
}

/** What was written before and did not go out has become a draft: its thread is there, and says so. */
export function withKept(state, { key, name, time }) {
  const contact = state.contacts.get(key.slice(2));
  const account = contact?.account ?? key.slice(2);
  const next = state.threads.has(key) ? state : withPerson(state, account, contact?.displayName ?? account);
  const thread = next.threads.get(key);
  return withThread(next, appended(thread, { key: name, kind: "notice", what: "kept", time }));
}

export function withNotice(state, key, message) {
  const thread = state.threads.get(key);
  return thread ? withThread(state, { ...thread, messages: [...thread.messages, message] }) : state;
}

export function withRead(state, key) {
  const thread = state.threads.get(key);
  return thread?.unread ? withThread(state, { ...thread, unread: 0 }) : state;
}

/** Read elsewhere up to `seq`; with `isBase` nothing else was known here of what is read. */
export function withReadUpTo(state, key, seq, isBase = false) {
  const thread = state.threads.get(key);
  if (!thread || key === state.attention) return state;
  const left = thread.messages.reduce((number, message) => number + (message.seq > seq ? 1 : 0), 0);
  const unread = isBase ? left : Math.min(thread.unread, left);
  return unread === thread.unread ? state : withThread(state, { ...thread, unread });
}

export function withVisibility(state, key, visible) {
  const thread = state.threads.get(key);
  return thread && thread.visible !== visible ? withThread(state, { ...thread, visible }) : state;
}

export function unreadTotal(state) {
  let total = 0;
  for (const thread of state.threads.values()) total += thread.unread;
  return total;
}
