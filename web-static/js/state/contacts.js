// Who is there: pure functions over a Map from folded account to contact.

import { visibleName } from "../core/text.js";

/** Accounts are compared without case. */
export const fold = account => account.toLowerCase();

const named = contact => ({ ...contact, displayName: visibleName(contact.displayName, contact.account) });

/** Whoever is on no list and waits for no answer is nobody's contact. */
const isAnybody = contact => contact.lists?.length > 0 || contact.pending === true;

export function contactsFrom(list) {
  return new Map(list.filter(isAnybody).map(contact => [fold(contact.account), named(contact)]));
}

/** Takes in a contact as the API shows it: somebody who is on no list any more goes, whatever else is said of them. */
export function withContact(contacts, contact) {
  const next = new Map(contacts);
  if (isAnybody(contact)) next.set(fold(contact.account), named(contact));
  else next.delete(fold(contact.account));
  return next;
}

/** Of whom it is told that they are gone is gone, whatever lists and presence are told with it. */
export function withoutContact(contacts, { account }) {
  const next = new Map(contacts);
  next.delete(fold(account));
  return next;
}

/** Changes members of a contact; somebody unknown changes nothing. */
export function patched(contacts, account, changes) {
  const contact = contacts.get(fold(account));
  return contact ? withContact(contacts, { ...contact, ...changes }) : contacts;
}

/** Takes in who is there; where the telling is complete, nobody else is. Somebody unknown changes nothing. */
export function withPresences(contacts, { contacts: told, complete }) {
  const next = new Map(complete ? allOffline(contacts) : contacts);
  for (const { account, displayName, status } of told) {
    const contact = next.get(fold(account));
    if (contact) next.set(fold(account), named({ ...contact, displayName, status }));
  }
  return next;
}

/** Nobody can be seen. */
export function allOffline(contacts) {
  return new Map([...contacts].map(([key, contact]) => [key, { ...contact, status: "offline" }]));
}

/** Somebody added us and waits. */
export function requested(contacts, { account, displayName }) {
  const known = contacts.get(fold(account));
  return withContact(contacts, known
    ? { ...known, pending: true }
    : { account, displayName, status: "offline", lists: ["reverse"], blocked: false, pending: true });
}

export const isFriend = contact => contact.lists.includes("forward");
export const isOnline = contact => contact.status !== "offline";
export const pendingContacts = contacts => [...contacts.values()].filter(contact => contact.pending);

/** While the way to the server is broken, presences are but what was last heard. */
export function isBlind({ phase, session, gatewayAwaySince }) {
  return phase === "live" && (gatewayAwaySince !== null || session?.state !== "online");
}
