// The samples beside each call of the reference say what the description says, for values that need care.

import assert from "node:assert/strict";
import { test } from "node:test";

import { callOf, headersOf, targetOf } from "../../../web-static/js/docs/description.js";
import { asCurl, asNode, asPython, pythonValue } from "../../../web-static/js/docs/samples.js";

const root = {
  security: [{ session: [] }, { key: [] }],
  paths: {
    "/v1/sessions/{sid}/messages/{mid}": {
      parameters: [{ $ref: "#/components/parameters/Sid" }],
      post: {
        parameters: [
          { name: "X-Request-Id", in: "header", schema: {} },
          { name: "Prefer", in: "header", example: "wait=5", schema: {} },
          { name: "limit", in: "query", schema: { enum: [1, 2] } },
          { name: "mid", in: "path", required: true, example: "m/1", schema: {} }
        ],
        requestBody: {
          content: {
            "application/json": { examples: { plain: { $ref: "#/components/examples/a~1b" }, other: { value: null } } }
          }
        },
        responses: { 204: {}, 400: { content: { "application/json": {} } } }
      }
    },
    "/v1": {
      get: { security: [{}], responses: { 200: { content: { "text/event-stream": {}, "application/json": {} } } } }
    }
  },
  components: {
    parameters: { Sid: { name: "sid", in: "path", required: true, example: "s", schema: {} } },
    examples: { "a/b": { value: { text: "it's \"é\"\n", flags: [true, null] } } }
  }
};

test("what a call takes is read from the description, through its references", () => {
  const call = callOf(root, "post", "/v1/sessions/{sid}/messages/{mid}");
  assert.deepEqual(call.parameters.map(({ name, place, isRequired }) => [name, place, isRequired]),
    [["sid", "path", true], ["Prefer", "header", false], ["limit", "query", false], ["mid", "path", true]]);
  assert.deepEqual(call.parameters[2].choices, [1, 2]);
  assert.deepEqual(call.bodies.map(({ name }) => name), ["plain", "other"]);
  assert.equal(call.bodies[0].value.text, "it's \"é\"\n");
  assert.deepEqual([call.hasToken, call.isOpenToo, call.answer], [true, false, "none"]);
  const entry = callOf(root, "get", "/v1");
  assert.deepEqual([entry.hasToken, entry.isOpenToo, entry.answer, entry.bodies], [false, true, "stream", []]);
});

test("what is filled in is escaped, and what is not is left to be seen", () => {
  const { parameters } = callOf(root, "post", "/v1/sessions/{sid}/messages/{mid}");
  assert.equal(targetOf("/v1/sessions/{sid}/messages/{mid}", parameters, { mid: "a/b c", limit: "2" }),
    "/v1/sessions/{sid}/messages/a%2Fb%20c?limit=2");
  assert.deepEqual(headersOf(parameters, { Prefer: "wait=1", limit: "2" }), { Prefer: "wait=1" });
});

const call = {
  method: "POST", address: "http://127.0.0.1:8080/v1/x", headers: { Prefer: "wait=5" },
  body: { text: "it's \"é\"\n", flags: [true, null] }, hasToken: true, answer: "json"
};

test("curl quotes for a shell", () => {
  assert.equal(asCurl(call), [
    "curl -X POST 'http://127.0.0.1:8080/v1/x'", '-H "Authorization: Bearer $TOKEN"', "-H 'Prefer: wait=5'",
    "-H 'Content-Type: application/json'", String.raw`-d '{"text":"it'\''s \"é\"\n","flags":[true,null]}'`
  ].join(" \\\n  "));
  assert.equal(asCurl({ ...call, method: "GET", headers: {}, body: undefined, hasToken: false, answer: "stream" }),
    "curl -N 'http://127.0.0.1:8080/v1/x'");
});

test("Python has its own words for true and nothing, and imports what it uses", () => {
  assert.equal(pythonValue({ a: [true, false, null, 1.5, "x\""] }), String.raw`{"a": [True, False, None, 1.5, "x\""]}`);
  const long = pythonValue({ text: "x".repeat(60), other: "y".repeat(60) });
  assert.equal(long.split("\n").length, 4);
  assert.match(asPython(call), /^import json, os, urllib\.request\n/);
  assert.match(asPython({ ...call, body: undefined, hasToken: false, answer: "none" }), /^import urllib\.request\n/);
});

test("Node sends the same", async () => {
  let sent;
  const run = new (Object.getPrototypeOf(async () => {}).constructor)("fetch", "process", "console", asNode(call));
  await run((address, options) => {
    sent = { address, ...options };
    return { status: 201, json: () => ({}) };
  }, { env: { TOKEN: "mgt_x" } }, { log: () => {} });
  assert.deepEqual({ ...sent, body: JSON.parse(sent.body) }, {
    address: call.address, method: "POST", body: call.body,
    headers: { Authorization: "Bearer mgt_x", Prefer: "wait=5", "Content-Type": "application/json" }
  });
});
