// Who is there: pure functions over a Map from folded account to contact.

import { visibleName } from "../core/text.js";

/** Accounts are compared without case. */
export const fold = account => account.toLowerCase();

const named = contact => ({ ...contact, displayName: visibleName(contact.displayName, contact.account) });

export function contactsFrom(list) {
  return new Map(list.map(contact => [fold(contact.account), named(contact)]));
}

export function withContact(contacts, contact) {
  return new Map(contacts).set(fold(contact.account), named(contact));
}

/** Somebody is on no list any more, whatever was known of him. */
export function withoutContact(contacts, contact) {
  const next = new Map(contacts);
  next.delete(fold(contact.account));
  return next;
}

/** Changes members of a contact; somebody unknown changes nothing. */
export function patched(contacts, account, changes) {
  const contact = contacts.get(fold(account));
  return contact ? withContact(contacts, { ...contact, ...changes }) : contacts;
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
