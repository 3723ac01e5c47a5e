// IndexedDB with promises, for databases that are there only with somebody's word.

/** A request's result. */
export const done = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Resolves once all of a transaction is done. A request that fails ends it too, and only then is it known why. */
export const finished = transaction => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was ended", "AbortError"));
});

/**
 * Opens a database; null where there is none and none is wanted. `build(database, before, transaction)` makes it if it is wanted,
 * or makes of one of the version `before` what it is now: that one was wanted, and what it has stays.
 */
export function opened(name, version, build, isWanted) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (isWanted || oldVersion > 0) build(request.result, oldVersion, request.transaction);
      else request.transaction.abort();
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = event => {
      event.preventDefault();
      if (isWanted) reject(request.error);
      else resolve(null);
    };
  });
}
