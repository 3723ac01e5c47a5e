// What anybody could write in an afternoon: the same job without tokens' hashes, limits, filters or a journal's bounds.
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
const backend = Number(process.argv[2]);
const sessions = new Map(), states = { NLN: "online", AWY: "away", BSY: "busy" };
const id = (bytes) => randomBytes(bytes).toString("base64url");
function page(session, after) {
  const events = session.journal.filter((event) => event.seq > after && event.type === "presence.changed");
  return { events, next: `${session.id}.${session.journal.length}`, more: false };
}
function record(session, type, data) {
  const seq = session.journal.length + 1;
  session.journal.push({ data, id: `${session.id}.${seq}`, seq, sessionId: session.id, time: new Date().toISOString(), type });
  for (const wake of session.waiting.splice(0)) wake();
}
function describe({ account, id, journal, createdAt, status }) {
  return { account, backend: "bench", createdAt, cursor: `${id}.${journal.length}`, displayName: "Somebody", id,
    lastReceivedAt: new Date().toISOString(), protocol: "MSNP6", state: "online", status, verified: true };
}
function hear(session, [command, ...words], enter) {
  const tell = (...parts) => session.socket.write(`${parts[0]} ${++session.number} ${parts.slice(1).join(" ")}\r\n`);
  const lists = { FL: "forward", AL: "allow", BL: "block", RL: "reverse" };
  const change = (state, account, name) => {
    const contact = session.contacts.get(account), previous = contact.status;
    Object.assign(contact, { status: states[state], displayName: decodeURIComponent(name) });
    return { account, displayName: contact.displayName, previous, status: contact.status };
  };
  if (command === "VER") tell("INF");
  else if (command === "INF") tell("USR", "MD5", "I", session.account);
  else if (command === "USR") words[1] === "OK" ? tell("SYN", 0) : tell("USR", "MD5", "S", "9dd4e461268c8034f5c8564e155c67a6");
  else if (command === "LST") {
    const [, list, , place, count, account, name] = words;
    if (account) {
      const contact = session.contacts.get(account) ?? { account, blocked: false, displayName: decodeURIComponent(name), lists: [],
        pending: false, phones: {}, status: "offline" };
      contact.lists.push(lists[list]);
      session.contacts.set(account, contact);
    }
    if (list === "RL" && place === count) tell("CHG", "NLN");
  } else if (command === "ILN") {
    session.initial.push(change(words[1], words[2], words[3]));
    if (session.initial.length === session.contacts.size) {
      session.status = "online";
      record(session, "presence.initial", { complete: true, contacts: session.initial });
      session.initial = [];
      enter();
    }
  } else if (command === "NLN") record(session, "presence.changed", change(words[0], words[1], words[2]));
}
function signIn(account) {
  const session = { account, id: id(12), token: `mgt_${id(32)}`, createdAt: new Date().toISOString(), status: "offline", number: 0,
    contacts: new Map(), journal: [], waiting: [], initial: [], socket: connect(backend, "127.0.0.1"), rest: "" };
  sessions.set(session.id, session);
  session.socket.setNoDelay(true).write(`VER ${++session.number} MSNP6 CVR0\r\n`);
  return new Promise((enter) => session.socket.setEncoding("utf8").on("data", (bytes) => {
    const lines = (session.rest + bytes).split("\r\n");
    session.rest = lines.pop();
    for (const line of lines) hear(session, line.split(" "), () => enter(session));
  }).on("error", () => {}));
}
const LIMITS = { "RateLimit-Policy": '"polls";q=64;qu="concurrent-requests"', "RateLimit": '"polls";r=64' };
function answer(response, status, body, fields = {}) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...fields, "X-Request-Id": id(12),
    "X-Content-Type-Options": "nosniff", "Content-Length": Buffer.byteLength(text) }).end(text);
}
const server = createServer({ keepAliveTimeout: 600000 }, async (request, response) => {
  const url = new URL(request.url, "http://localhost"), [, , , name, what] = url.pathname.split("/");
  if (request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    const session = await signIn(JSON.parse(body).account);
    return answer(response, 201, { session: describe(session), token: session.token }, { Location: `/v1/sessions/${session.id}` });
  }
  const session = sessions.get(name);
  if (request.headers.authorization !== `Bearer ${session?.token}`) return answer(response, 401, { code: "unauthorized" });
  if (!what) return answer(response, 200, describe(session));
  const contacts = [...session.contacts.values()];
  if (what === "presence") return answer(response, 200, { status: session.status });
  if (what === "contacts") return answer(response, 200, { contacts }, { ETag: `"${id(12)}"`, "Cache-Control": "private, no-cache" });
  if (what === "snapshot") return answer(response, 200, { contacts, conversations: [], cursor: `${session.id}.${session.journal.length}`,
    phones: {}, privacy: { promptOnAdd: true, unknownContacts: "allow" }, session: describe(session) });
  const after = Number(url.searchParams.get("after").split(".").pop()), tell = () => {
    clearTimeout(limit);
    answer(response, 200, page(session, after), LIMITS);
  };
  let limit;
  if (page(session, after).events.length > 0) return tell();
  session.waiting.push(tell);
  limit = setTimeout(() => {
    session.waiting.splice(session.waiting.indexOf(tell), 1);
    tell();
  }, 50000);
});
server.listen(0, "127.0.0.1", 1024, () => console.log(`http://127.0.0.1:${server.address().port}`));
