// The page's state, as a pure function of what happens: `node --test Tests/Web/unit`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { feedLength, initialState, reduce } from "../../../web-static/js/state/reducer.js";
import { typingLasts, unreadTotal } from "../../../web-static/js/state/threads.js";
import {
  after, contact, conversation, event, opened, person, received, remembered, snapshot, taken, texts
} from "./session.mjs";

const bob = "p:bob@example.com";

test("a snapshot is all that is known, and an ended session is over", () => {
  const state = after({ type: "opening" }, opened());
  assert.equal(state.phase, "live");
  assert.deepEqual([...state.contacts.keys()], ["bob@example.com", "carol@example.com"]);
  assert.equal(after(opened({ session: { ...snapshot().session, state: "ended" } })).phase, "ended");
});

test("whoever is on no list is nobody's contact, and who can't be seen goes by the account", () => {
  const state = after(opened({ contacts: [contact("bob", { lists: [] }), contact("carol", { displayName: "\u200b" })] }));
  assert.deepEqual([...state.contacts.values()].map(({ displayName }) => displayName), ["carol@example.com"]);
});

test("an unknown action is a mistake of the page, an unknown event is news from a newer gateway", () => {
  assert.throws(() => reduce(after(), { type: "nothing" }), TypeError);
  const before = after(opened());
  const state = taken(before, event("newer.kind", {}));
  assert.deepEqual({ ...state, feed: [] }, { ...before, feed: [] });
  assert.equal(state.feed.length, 1);
});

test("what is read from the journal twice, and comes by the poll besides, is there once", () => {
  const events = [event("conversation.opened", { conversation: conversation("c1", "bob") }), received("c1", "bob", "hello")];
  let state = remembered(after(opened()), events);
  state = taken(remembered(state, events), ...events);
  assert.deepEqual(texts(state, bob), ["hello"]);
});

test("what nobody has looked at is unread, until it is read here or elsewhere", () => {
  const events = [received("c1", "bob", "one"), received("c1", "bob", "two"), received("c1", "bob", "three")];
  let state = remembered(after(opened()), events, { read: events[0].seq });
  assert.equal(unreadTotal(state), 2);
  state = reduce(state, { type: "thread.read", key: bob, seq: events[1].seq });
  assert.equal(unreadTotal(state), 1);
  state = reduce(state, { type: "thread.shown", key: bob });
  assert.equal(unreadTotal(state), 1);
  state = reduce(state, { type: "attention", key: bob });
  assert.equal(unreadTotal(state), 0);
  // What comes while somebody looks is read; further up it is not.
  state = taken(state, received("c1", "bob", "four"));
  assert.equal(unreadTotal(state), 0);
  state = reduce(state, { type: "thread.scrolled", key: bob, isUp: true });
  state = reduce(state, { type: "attention", key: bob });
  state = taken(state, received("c1", "bob", "five"));
  assert.equal(unreadTotal(state), 1);
});

test("a thread with one person goes on over any number of conversations", () => {
  const closing = event("conversation.closed", { conversation: conversation("c1", "bob"), reason: "idle" });
  const state = taken(after(opened()), received("c1", "bob", "one"), closing, received("c2", "bob", "two"));
  assert.deepEqual(texts(state, bob), ["one", "two"]);
  assert.equal(state.threads.size, 1);
  assert.equal(state.threads.get(bob).conversationId, "c2");
});

test("with a third person a group begins, and what was said between two stays between them", () => {
  const joining = () => event("participant.joined", { conversationId: "c1", ...person("carol") });
  let state = taken(after(opened()), event("conversation.opened", { conversation: conversation("c1", "bob") }),
    received("c1", "bob", "for you"));
  state = reduce(state, { type: "thread.shown", key: bob });
  const brought = taken(state, joining(), received("c1", "carol", "hello"));
  assert.deepEqual(texts(brought, bob), ["for you"]);
  assert.deepEqual(texts(brought, "c:c1"), ["(joined)", "hello"]);
  // Nobody is led there but who has asked for it.
  assert.equal(brought.active, bob);
  const invited = taken(reduce(state, { type: "invite.begun", conversationId: "c1" }), joining());
  assert.equal(invited.active, "c:c1");
  assert.equal(invited.inviting, null);
});

test("a group that everybody has left is for who left last", () => {
  const leaving = name => event("participant.left", { conversationId: "c1", ...person(name) });
  const state = taken(after(opened()), event("conversation.opened", { conversation: conversation("c1", "bob", "carol") }),
    leaving("bob"), leaving("carol"));
  assert.deepEqual(state.threads.get("c:c1").participants, [person("carol")]);
  assert.deepEqual(texts(state, "c:c1"), ["(left)", "(left)"]);
});

test("an own message is there once, whichever comes first, the answer or the event", () => {
  const message = { clientRef: "r1", text: "hello", time: "2026-01-01T12:00:00.000Z" };
  const opening = event("conversation.opened", { conversation: conversation("c1", "bob") });
  const sent = event("message.sent", { conversationId: "c1", messageId: "m1", clientRef: "r1", text: "hello" });
  const delivered = event("message.delivered", { conversationId: "c1", messageId: "m1", clientRef: "r1" });
  const answer = {
    type: "thread.outcome", key: bob, clientRef: "r1", changes: { id: "m1", conversationId: "c1", delivery: "pending" }
  };
  const begun = after(opened(), { type: "thread.person", account: "bob@example.com", displayName: "Bob" },
    { type: "thread.draft", key: bob, message });
  for (const state of [
    taken(reduce(taken(begun, opening), answer), sent, delivered), reduce(taken(begun, opening, sent, delivered), answer)
  ]) {
    const { messages, isReached } = state.threads.get(bob);
    assert.deepEqual(messages.map(({ text, delivery }) => [text, delivery]), [["hello", "delivered"]]);
    assert.equal(isReached, true);
  }
});

test("a failure that is known only by its event is shown where it belongs", () => {
  const failed = event("message.failed", {
    conversationId: "c1", messageId: "m9", text: "lost", reason: "contactOffline"
  });
  const state = taken(after(opened({ conversations: [conversation("c1", "bob")] })), failed);
  const [message] = state.threads.get(bob).messages;
  assert.deepEqual([message.text, message.delivery, message.reason], ["lost", "failed", "contactOffline"]);
});

test("a failed message that is sent once more goes, and nothing else does, whoever has written it", () => {
  const failed = event("message.failed", { conversationId: "c1", messageId: "m9", text: "lost", reason: "contactOffline" });
  const state = taken(after(opened({ conversations: [conversation("c1", "bob")] })), failed, received("c1", "bob", "hello"));
  const [{ key }] = state.threads.get(bob).messages;
  assert.deepEqual(texts(reduce(state, { type: "thread.retracted", key: bob, name: key }), bob), ["hello"]);
});

test("what is kept from before comes before what the journal had, once, and is unread to nobody", () => {
  const state = taken(after(opened()), received("c1", "bob", "new"));
  const [{ id, text, time }] = state.threads.get(bob).messages;
  const kept = [{ id: "old", text: "old", time: "2025-01-01T12:00:00.000Z", own: false }, { id, text, time, own: false }];
  const next = reduce(state, { type: "thread.earlier", key: bob, messages: kept, isAll: true });
  assert.deepEqual(texts(next, bob), ["old", "new"]);
  assert.equal(unreadTotal(next), 1);
  assert.equal(next.threads.get(bob).hasAllKept, true);
});

test("what is kept and is told by the journal afterwards is there once, where it was said, from the first on", () => {
  const one = received("c1", "bob", "one");
  const own = event("message.sent", { messageId: "o1", conversationId: "c1", text: "mine" });
  const two = received("c1", "bob", "two");
  const kept = [[one.data.messageId, "one"], ["o1", "mine", true], [two.data.messageId, "two"]]
    .map(([id, text, isOwn = false]) => ({ id, text, own: isOwn, time: one.time }));
  const state = after(opened({ conversations: [conversation("c1", "bob")] }),
    { type: "thread.earlier", key: bob, messages: kept, isAll: true });
  assert.deepEqual(texts(remembered(state, [one, own, two, received("c1", "bob", "new")]), bob),
    ["one", "mine", "two", "new"]);
});

test("what becomes of a kept message is known from then on, and by its reference, and is to be kept", () => {
  const kept = [{ id: "o1", text: "mine", own: true, delivery: "pending", time: "2026-01-01T12:00:00.000Z" }];
  const sent = event("message.sent", { messageId: "o1", conversationId: "c1", text: "mine", clientRef: "r1" });
  const delivered = event("message.delivered", { messageId: "o1", conversationId: "c1", clientRef: "r1" });
  const state = taken(after(opened({ conversations: [conversation("c1", "bob")] }),
    { type: "thread.earlier", key: bob, messages: kept, isAll: true }), sent, delivered);
  const [message, ...others] = state.threads.get(bob).messages;
  assert.deepEqual([message.delivery, message.clientRef, message.isKept, others.length], ["delivered", "r1", false, 0]);
});

test("typing lasts until a message, or its time is over", () => {
  const typing = event("typing", { conversationId: "c1", account: "bob@example.com" });
  const state = taken(after(opened({ conversations: [conversation("c1", "bob")] })), typing);
  assert.equal(state.threads.get(bob).typing.size, 1);
  assert.equal(taken(state, received("c1", "bob", "done")).threads.get(bob).typing.size, 0);
  assert.equal(reduce(state, { type: "tick", now: typingLasts }).threads.get(bob).typing.size, 0);
  assert.equal(reduce(state, { type: "tick", now: typingLasts - 1 }), state);
});

test("who comes is news, who was there is not, and a later coming replaces the earlier one", () => {
  const change = (previous, status) =>
    event("presence.changed", { account: "bob@example.com", displayName: "Bob", previous, status });
  const state = taken(after(opened()), change("offline", "online"), change("online", "busy"), change("busy", "offline"),
    change("offline", "away"));
  assert.deepEqual(state.news.map(({ kind, data }) => [kind, data.status]), [["came", "away"]]);
  assert.equal(state.contacts.get("bob@example.com").status, "away");
});

test("the end hides everybody and says why; what was said stays", () => {
  const state = taken(after(opened()), received("c1", "bob", "hello"),
    event("session.state", { state: "ended", reason: "signedInElsewhere" }));
  assert.equal(state.phase, "ended");
  assert.equal(state.session.reason, "signedInElsewhere");
  assert.equal(state.contacts.get("bob@example.com").status, "offline");
  assert.deepEqual(texts(state, bob), ["hello"]);
});

test("a server that is away is away since then, and its reason goes when it is back", () => {
  const gone = event("session.state", { state: "reconnecting", reason: "connectionLost" }, "2026-01-01T12:30:00.000Z");
  const away = taken(after(opened()), gone, event("session.state", { state: "connecting" }, "2026-01-01T12:40:00.000Z"));
  assert.equal(away.backendAwaySince, gone.time);
  assert.equal(away.session.reason, undefined);
  assert.equal(taken(away, event("session.state", { state: "online" })).backendAwaySince, null);
});

test("a gap of unknown size forgets conversations, and the snapshot closes those that have ended", () => {
  const before = taken(after(opened()), received("c1", "bob", "hello"));
  assert.equal(reduce(before, { type: "forgotten" }).threads.size, 0);
  const state = reduce(before, opened());
  assert.equal(state.threads.get(bob).conversationId, null);
});

test("what still comes of a session that was left brings it back to nobody", () => {
  const left = after(opened(), { type: "signedOut" });
  const session = { state: "ended", reason: "gone" };
  const late = [
    { type: "ended", session }, opened(), { type: "session.changed", changes: { displayName: "Zoe" } },
    { type: "contact.changed", contact: contact("dave") }, { type: "privacy.changed", privacy: {} },
    { type: "gateway.away", since: "2026-01-01T12:00:00.000Z" }
  ];
  for (const action of late) assert.equal(reduce(left, action), initialState, action.type);
  assert.equal(taken(left, event("session.state", { state: "online" })), initialState);
  assert.equal(remembered(left, [received("c1", "bob", "hello")]), initialState);
  assert.equal(after({ type: "signedOut" }, { type: "opening" }).phase, "opening");
});

test("the developer's feed is bounded", () => {
  const events = Array.from({ length: feedLength + 5 }, () => event("presence.own", { status: "busy" }));
  const state = taken(after(opened()), ...events);
  assert.equal(state.feed.length, feedLength);
  assert.equal(state.feed.at(-1), events.at(-1));
});

test("what is said has its place in the gateway's order, which is that of the first event of it", () => {
  const state = taken(after(opened()),
    event("conversation.opened", { conversation: conversation("c1", "bob") }), received("c1", "bob", "hello"));
  const drafted = reduce(state, {
    type: "thread.draft", key: bob, message: { clientRef: "r", text: "hi", time: "2030-01-01T00:00:00.000Z" }
  });
  const sent = event("message.sent", { messageId: "m.x", conversationId: "c1", text: "hi", clientRef: "r" });
  const outcome = event("message.delivered", { messageId: "m.x", conversationId: "c1", text: "hi", clientRef: "r" });
  const [hello, hi] = taken(drafted, sent, outcome).threads.get(bob).messages;
  assert.deepEqual(hello.place, [hello.time, hello.seq]);
  assert.deepEqual([hi.place, hi.delivery], [[sent.time, sent.seq], "delivered"]);
});
