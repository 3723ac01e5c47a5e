// What this device keeps for a person who has said so at the sign-in: the token of their session, so that they stay signed in,
// and what they have written and not sent. It is a database of its own, which is there only with somebody's word, and not a
// cookie: those go to every service of the same host, whatever its port. It holds no passwords, and the history is elsewhere.

import { done, finished, opened } from "../core/database.js";
import { fold } from "../state/contacts.js";

const name = "msnp-gateway.kept";
const version = 1;

/** One account of one server. */
export const ownerOf = ({ backend, account }) => `${backend} ${fold(account)}`;

function build(database) {
  database.createObjectStore("accounts", { keyPath: "owner" });
  // By owner, kind (`text` or `held`) and name: several tabs write at once, each what is its own.
  database.createObjectStore("drafts", { keyPath: ["owner", "kind", "name"] });
}

const draftsIn = owner => IDBKeyRange.bound([owner], [owner, []]);

class Kept {
  /** Those for whom this tab knows that something is kept. */
  #owners = new Set();

  /** Does something with the database if there is one, or it is wanted; `otherwise` where there is none or it does not work. */
  async #with(isWanted, otherwise, action) {
    let database = null;
    try {
      database = await opened(name, version, build, isWanted);
      return database ? await action(database) : otherwise;
    } catch {
      return otherwise;
    } finally {
      database?.close();
    }
  }

  /** `{owner, account, backend, id, token, at}` of each, the one used last first; `token` is null once it is good for nothing. */
  async all() {
    const accounts = await this.#with(false, [], database =>
      done(database.transaction("accounts").objectStore("accounts").getAll()));
    for (const { owner } of accounts) this.#owners.add(owner);
    return accounts.sort((one, other) => other.at.localeCompare(one.at));
  }

  /** Whether the token of this session is kept. */
  async has(id) { return (await this.all()).some(account => account.id === id && account.token !== null); }

  /** Keeps a session's token from here on; whether that worked. */
  async keep({ id, account, backend }, token) {
    const owner = ownerOf({ account, backend });
    const isKept = await this.#with(true, false, async database => {
      const transaction = database.transaction("accounts", "readwrite");
      transaction.objectStore("accounts").put({ owner, account, backend, id, token, at: new Date().toISOString() });
      await finished(transaction);
      return true;
    });
    if (isKept) this.#owners.add(owner);
    return isKept;
  }

  /** A session is over. Its account stays, for the next sign-in, with what was written. */
  async lost(id) {
    await this.#with(false, null, async database => {
      const transaction = database.transaction("accounts", "readwrite");
      const store = transaction.objectStore("accounts");
      for (const account of await done(store.getAll())) if (account.id === id) store.put({ ...account, token: null });
      await finished(transaction);
    });
  }

  /** All that is kept for an account is gone when this resolves, and with the last one the database, unless a tab holds it. */
  async forget(owner) {
    this.#owners.delete(owner);
    const isLast = await this.#with(false, false, async database => {
      const transaction = database.transaction(["accounts", "drafts"], "readwrite");
      const accounts = transaction.objectStore("accounts");
      accounts.delete(owner);
      transaction.objectStore("drafts").delete(draftsIn(owner));
      const left = await done(accounts.count());
      await finished(transaction);
      return left === 0;
    });
    if (!isLast) return;
    // Empty as it is, it goes when the last tab lets it go, which nobody who signs out should wait for.
    const deletion = indexedDB.deleteDatabase(name);
    const blocked = new Promise(resolve => { deletion.onblocked = resolve; });
    await Promise.race([done(deletion), blocked]).catch(() => {});
  }

  /** What is kept of what an account's person has written: `{texts: {key: text}, held: {clientRef: {key, to, text}}}`. */
  async drafts(owner) {
    const entries = await this.#with(false, [], database =>
      done(database.transaction("drafts").objectStore("drafts").getAll(draftsIn(owner))));
    const of = kind => Object.fromEntries(entries.filter(entry => entry.kind === kind).map(entry => [entry.name, entry.value]));
    return { texts: of("text"), held: of("held") };
  }

  /** Keeps a draft of somebody for whom something is kept; null takes it out. */
  async putDraft(owner, kind, draft, value) {
    if (!this.#owners.has(owner)) return;
    await this.#with(false, null, async database => {
      const transaction = database.transaction(["accounts", "drafts"], "readwrite");
      const store = transaction.objectStore("drafts");
      // Another tab may have forgotten them meanwhile.
      const isKept = await done(transaction.objectStore("accounts").count(owner)) > 0;
      if (value === null || !isKept) store.delete([owner, kind, draft]);
      else store.put({ owner, kind, name: draft, value });
      await finished(transaction);
    });
  }
}

export const kept = new Kept();
