// Calls as they are shown to be done again, and what of them is shown to nobody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asCurl, calls } from "../../../web-static/js/api/calls.js";
import { wordsOf } from "../../../web-static/js/core/words.js";

const origin = "http://127.0.0.1:8080";
const json = { Accept: "application/json", "Content-Type": "application/json" };

test("a call is the same call in a shell, its token a variable of that shell", () => {
  calls.begin({ method: "PUT", path: "/v1/sessions/s/presence", body: { status: "busy" }, headers: json, hasToken: true });
  assert.equal(asCurl(calls.all.at(-1), origin), "curl -i -X PUT 'http://127.0.0.1:8080/v1/sessions/s/presence' "
    + "-H \"Authorization: Bearer $TOKEN\" -H 'Accept: application/json' -H 'Content-Type: application/json' "
    + "-d '{\"status\":\"busy\"}'");
});

test("what lets somebody in is taken down nowhere", () => {
  const body = { account: "alice@example.com", password: "hunter2", nested: { token: "mgt_1", key: "mgk_1" } };
  calls.begin({ method: "POST", path: "/v1/sessions", body, headers: json, hasToken: false });
  assert.doesNotMatch(JSON.stringify(calls.all), /hunter2|mgt_1|mgk_1/);
  assert.doesNotMatch(asCurl(calls.all.at(-1), origin), /Authorization/);
});

test("no text of a person's ends its own quotes", () => {
  calls.begin({ method: "POST", path: "/v1/x", body: { text: "it's $(me) `here`" }, headers: {}, hasToken: false });
  assert.match(asCurl(calls.all.at(-1), origin), /-d '\{"text":"it'\\''s \$\(me\) `here`"\}'$/);
});

test("only the newest are remembered", () => {
  for (let number = 0; number < 1000; number += 1) {
    calls.begin({ method: "GET", path: `/${number}`, headers: {}, hasToken: false })(200);
  }
  assert.equal(calls.all.length, 300);
  assert.deepEqual([calls.all.at(-1).path, calls.all.at(-1).status], ["/999", 200]);
});

test("what one person has asked is forgotten for the next one", () => {
  calls.begin({ method: "GET", path: "/v1", headers: {}, hasToken: true });
  calls.forget();
  assert.deepEqual(calls.all, []);
});

test("words are found without case, whole, in every script, and are bounded", () => {
  assert.deepEqual([...wordsOf("The HARBOUR, the harbour: ÉTÉ été 12:30 привет")],
    ["the", "harbour", "été", "12", "30", "привет"]);
  assert.deepEqual([...wordsOf("ﬁne")], ["fine"]);
  assert.equal(wordsOf(Array.from({ length: 2000 }, (_, number) => `w${number}`).join(" ")).size, 500);
  assert.deepEqual([...wordsOf("x".repeat(100))], ["x".repeat(64)]);
});
