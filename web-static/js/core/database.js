// IndexedDB with promises, for databases that are there only with somebody's word.

/** A request's result. */
export const done = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export const finished = transaction => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onerror = transaction.onabort = () => reject(transaction.error);
});

/** Opens a database, which `build(database)` makes if it is wanted; null where there is none and none is wanted. */
export function opened(name, version, build, isWanted) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      if (isWanted) build(request.result);
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
