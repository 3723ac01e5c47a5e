// What becomes of a transaction is said with its reason, in the order in which browsers say it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { finished } from "../../../web-static/js/core/database.js";

test("a request without room is told by its name: the transaction knows why only once it is aborted", async () => {
  const transaction = { error: null };
  const end = finished(transaction);
  transaction.onerror?.({ target: { error: new Error("of the request") } });
  transaction.error = Object.assign(new Error("no room"), { name: "QuotaExceededError" });
  transaction.onabort();
  await assert.rejects(end, { name: "QuotaExceededError" });
});

test("a transaction that ends without a reason says that much", async () => {
  const transaction = { error: null };
  const end = finished(transaction);
  transaction.onabort();
  await assert.rejects(end, { name: "AbortError" });
});
