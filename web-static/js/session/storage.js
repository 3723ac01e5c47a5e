// What survives a reload, and no longer than the tab: the sessions' tokens, how far each thread has been read, and what was
// begun in it.

const places = {
  sessions: "msnp-gateway.sessions", read: "msnp-gateway.read", drafts: "msnp-gateway.drafts",
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

/** What stands under a name at a place; null takes it out. */
function storePart(place, name, value) {
  const { [name]: _, ...others } = load(place) ?? {};
  const parts = value === null ? others : { ...others, [name]: value };
  store(place, Object.keys(parts).length > 0 ? parts : null);
}

/** The tab's sessions, the one in front first: `{id, token, account, owner}`. */
export const loadSessions = () => load(places.sessions) ?? [];

const storeSessions = sessions => store(places.sessions, sessions.length > 0 ? sessions : null);

/** Takes in a session, or what is known of it by now, behind those that are there. */
export function storeSession(session) {
  const sessions = loadSessions();
  const isKnown = sessions.some(({ id }) => id === session.id);
  storeSessions(isKnown ? sessions.map(other => (other.id === session.id ? session : other)) : [...sessions, session]);
}

export const forgetSession = id => storeSessions(loadSessions().filter(session => session.id !== id));

/** Puts a session in front. */
export function frontSession(id) {
  const sessions = loadSessions();
  storeSessions([...sessions.filter(session => session.id === id), ...sessions.filter(session => session.id !== id)]);
}

/** Of a session: `{up: {key: seq}, hidden: [key], news: [key]}` or null. */
export const loadRead = session => load(places.read)?.[session] ?? null;
export const storeRead = (session, read) => storePart(places.read, session, read);

/** Of an account: `{texts: {key: text}, held: {clientRef: {key, to, text}}}` or null. */
export const loadDrafts = owner => load(places.drafts)?.[owner] ?? null;
export const storeDrafts = (owner, drafts) => storePart(places.drafts, owner, drafts);

/** What others than these have left in this tab is nobody's any more. */
export function keepDraftsOf(owners) {
  for (const owner of Object.keys(load(places.drafts) ?? {})) if (!owners.includes(owner)) storeDrafts(owner, null);
}

/** The operator's key or null. */
export const loadOperatorKey = () => load(places.operator);
export const storeOperatorKey = key => store(places.operator, key);
