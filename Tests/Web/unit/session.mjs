// A session as the API shows it, for the tests beside this file: short ways to say what a server's journal says.

import { initialState, reduce } from "../../../web-static/js/state/reducer.js";

let seq = 0;

/** An event of the journal, each with the next number. */
export function event(type, data, time = "2026-01-01T12:00:00.000Z") {
  seq += 1;
  return { id: `e.${seq}`, seq, type, time, sessionId: "s", data };
}

export const contact = (name, changes = {}) => ({
  account: `${name}@example.com`, displayName: name[0].toUpperCase() + name.slice(1), status: "online",
  lists: ["forward", "allow", "reverse"], blocked: false, pending: false, ...changes
});

export const person = name => ({ account: `${name}@example.com`, displayName: name[0].toUpperCase() + name.slice(1) });

export const conversation = (id, ...names) => ({ id, participants: names.map(person), group: names.length > 1 });

export const snapshot = (changes = {}) => ({
  cursor: "e.0",
  session: { id: "s", account: "alice@example.com", displayName: "Alice", state: "online", status: "online", verified: true },
  contacts: [contact("bob"), contact("carol")], privacy: { unknownContacts: "allow", promptOnAdd: true }, conversations: [],
  ...changes
});

/** The state after these actions, in order. */
export const after = (...actions) => actions.reduce(reduce, reduce(initialState, { type: "opening" }));

export const opened = changes => ({ type: "opened", snapshot: snapshot(changes) });

/** The state after these events, as they come from a poll. */
export const taken = (state, ...events) =>
  reduce(state, { type: "events", events, now: 0, isNews: () => true });

/** As they come from the journal, read up to `read` of each thread. */
export const remembered = (state, events, { read = Infinity, isCut = false, isNews = () => true } = {}) =>
  reduce(state, { type: "remembered", events, isCut, readUpTo: () => read, isNews });

export const received = (id, name, text, time) => event("message.received", {
  messageId: `m.${seq + 1}`, conversationId: id, from: `${name}@example.com`, displayName: person(name).displayName, text,
  contentType: "text/plain"
}, time);

/** What a thread says, in order. */
export const texts = (state, key) => state.threads.get(key).messages.map(({ text, what }) => text ?? `(${what})`);
