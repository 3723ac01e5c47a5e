// Answers every message with its own words: node echo-bot.mjs ACCOUNT PASSWORD [http://127.0.0.1:8080]
//
// Needs Node 18 or later, and no packages. Where signing in needs an API key, the environment has it as MSNP_KEY. Ends only
// when no waiting would help. Says what became of each answer, and where something may have been missed.
import { setTimeout as sleep } from "node:timers/promises";

const [account, password, gateway = "http://127.0.0.1:8080"] = process.argv.slice(2);
const key = process.env.MSNP_KEY;
const final = ["signedOut", "signedInElsewhere", "signInRefused", "noCommonVersion", "challengeFailed"];
let credential, session, cursor, reason;
let ended = false;

// 1, 2, 4 … 30 s, a little less at random: not all bots are to come back in the same moment.
const backOff = (attempt) => sleep(Math.min(2 ** attempt, 30) * (500 + 500 * Math.random()));

// What no waiting would mend. The process then ends by itself, when its last line is written.
class Final extends Error {}

// Status, JSON and more of a request. Repeats it until the gateway itself has answered, and not with "later".
async function call(method, path, body, once) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (credential) headers["Authorization"] = `Bearer ${credential}`;
  if (once) headers["Idempotency-Key"] = once;
  for (let attempt = 0; ; attempt += 1) {
    // Not AbortSignal.timeout: that timer does not keep the process alive.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), 90_000);
    try {
      const response = await fetch(`${gateway}/v1${path}`, {
        method, headers, body: body && JSON.stringify(body), signal: patience.signal,
      });
      const { status } = response;
      const answer = await response.json();
      const later = response.headers.get("Retry-After");
      if (status < 400 || (answer.code && !later)) {
        return { status, answer, replayed: response.headers.has("Idempotency-Replayed") };
      }
      if (later > 0) {
        clearTimeout(timer);
        await sleep(Math.min(later, 60) * 1000);
        continue;
      }
    } catch {
      // Nobody there, an answer that broke off, or the page of a proxy that has nobody behind it.
    } finally {
      clearTimeout(timer);
    }
    await backOff(attempt);
  }
}

// Takes a session: the one of before where it is still there, and then the cursor is as good as it was.
async function signIn() {
  for (let attempt = 0; ; attempt += 1) {
    credential = key;
    const { status, answer } = await call("POST", "/sessions", { account, password });
    if (status < 300) {
      credential = answer.token;
      if (session !== answer.session.id) {
        if (session && !ended) console.log("gap: the session was lost, and with it what nobody had read");
        session = answer.session.id;
        cursor = undefined;
        console.log(`signed in: ${session}`);
      }
      ended = false;
      return;
    }
    if (status < 500 && status !== 409) throw new Final(`${answer.code}: ${answer.detail}`);
    await backOff(attempt); // The server is away, or the attempt was cut off.
  }
}

// Sends a text back, under the event's own ID: asked for again, it is not done again. False: sign in first.
async function reply({ id, data: { conversationId, text } }) {
  const path = `/sessions/${session}/conversations/${conversationId}/messages`;
  for (let attempt = 0; ; attempt += 1) {
    const { status, answer, replayed } = await call("POST", path, { text }, id);
    if (status === 401) return false;
    if (status < 300) {
      console.log(`${answer.message.delivery}: ${text}`);
      return true;
    }
    // What may have gone out is kept under its key, and so comes again: the truth, and no second message.
    if (replayed || ![409, 502, 504].includes(status) || answer.code === "session-ended" || attempt === 5) {
      console.log(`failed (${answer.code}): ${text}`);
      return true;
    }
    await backOff(attempt); // Who has just gone may come back, and so may the server.
  }
}

// Reads on from the cursor, and deals with what has come. False: sign in first.
async function read() {
  // The gateway keeps the place of the consumer, too, for a bot that starts again; a new one begins with all there is.
  const place = cursor ? `&after=${cursor}` : "";
  const { status, answer: page } = await call(
    "GET", `/sessions/${session}/events?consumer=echo&types=message.received,session.state${place}`);
  if (status === 410) {
    console.log(`gap: ${page.missed ?? "nobody knows how many"} events are no longer kept`);
    cursor = "oldest";
    return true;
  }
  if (status === 401 || status === 404) return false;
  if (status >= 400) {
    await backOff(2);
    return true;
  }
  for (const event of page.events) {
    if (event.type === "session.state") {
      reason = event.data.reason;
      if (event.data.state === "reconnecting") {
        console.log(`gap: the server was lost (${reason}), and with it what was on its way`);
      }
    } else if (event.data.text !== undefined && !(await reply(event))) {
      return false;
    }
    cursor = event.id; // Only now: what was not dealt with comes again.
  }
  cursor = page.next;
  if (page.ended) {
    if (final.includes(reason)) throw new Final(`the session has ended: ${reason}`);
    // Everything in it has been read; what it has not heard any more is in nobody's journal.
    console.log(`gap: the session has ended (${reason}), and with it what was on its way`);
    ended = true;
    await backOff(2); // Whatever it was, it is not over yet.
    return false;
  }
  return true;
}

try {
  await signIn();
  for (;;) {
    if (!(await read())) await signIn();
  }
} catch (problem) {
  if (!(problem instanceof Final)) throw problem;
  console.error(problem.message);
  process.exitCode = 1;
}
