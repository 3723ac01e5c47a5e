// What survives a reload, and no longer than the tab: the session's token, how far each thread has been read, and what was
// begun in it.

const places = {
  session: "msnp-gateway.session", read: "msnp-gateway.read", drafts: "msnp-gateway.drafts",
  operator: "msnp-gateway.operator"
};

function load(place) {
  try { return JSON.parse(sessionStorage.getItem(place) ?? "null"); } catch { return null; }
}

function store(place, value) {
  try {
    if (value === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, JSON.stringify(value));
  } catch { /* Storage is switched off or full: then a reload means signing in again. */ }
}

/** `{id, token}` or null. */
export const loadSession = () => load(places.session);
export const storeSession = session => store(places.session, session);

/** `{up: {key: seq}, hidden: [key], news: [key]}` or null. */
export const loadRead = () => load(places.read);
export const storeRead = read => store(places.read, read);

/** `{account, texts: {key: text}, held: {clientRef: {key, to, text}}}` or null. */
export const loadDrafts = () => load(places.drafts);
export const storeDrafts = drafts => store(places.drafts, drafts);

/** The operator's key or null. */
export const loadOperatorKey = () => load(places.operator);
export const storeOperatorKey = key => store(places.operator, key);
