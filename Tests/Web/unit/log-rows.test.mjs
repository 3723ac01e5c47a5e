// What a conversation's rows say of days, names and the last own message.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LogRows } from "../../../web-static/js/views/log-rows.js";

/** By the clock of wherever this runs, as the page's days are. */
const at = (day, hours, minutes) => new Date(2026, 0, day, hours, minutes).toISOString();
const said = (key, time, from) => ({ key, kind: "text", own: from === undefined, from, time });

const looks = (messages, from = 0) => new LogRows().of(messages, from).map(([key, item]) => [
  key, ["isFirstOfDay", "isHeaded", "isLastOwn"].filter(name => item[name]).join(" ")
]);

test("a day is told once, at its first message, and the name after it again", () => {
  assert.deepEqual(looks([
    said("a", at(1, 23, 58), "bob"), said("b", at(1, 23, 59), "bob"), said("c", at(2, 0, 1), "bob"), said("d", at(2, 0, 2), "bob")
  ]), [["a", "isFirstOfDay isHeaded"], ["b", ""], ["c", "isFirstOfDay isHeaded"], ["d", ""]]);
});

test("the name is told where somebody else speaks, after a pause, and after a notice", () => {
  const notice = { key: "n", kind: "notice", time: at(1, 12, 7) };
  assert.deepEqual(looks([
    said("a", at(1, 12, 0), "bob"), said("b", at(1, 12, 1), "carol"), said("c", at(1, 12, 7), "carol"), notice,
    said("d", at(1, 12, 8), "carol")
  ]), [["a", "isFirstOfDay isHeaded"], ["b", "isHeaded"], ["c", "isHeaded"], ["n", ""], ["d", "isHeaded"]]);
});

test("the last own message is the last of all, also where it is not the last one shown", () => {
  const messages = [said("a", at(1, 12, 0)), said("b", at(1, 12, 1)), said("c", at(1, 12, 2), "bob")];
  assert.deepEqual(looks(messages).map(([, look]) => look), ["isFirstOfDay isHeaded", "isLastOwn", "isHeaded"]);
  assert.deepEqual(looks(messages, 1).map(([key]) => key), ["b", "c"]);
});

test("a row that looks the same is the same", () => {
  const rows = new LogRows();
  const messages = [said("a", at(1, 12, 0)), said("b", at(1, 12, 1), "bob")];
  const before = rows.of(messages, 0);
  const after = rows.of([...messages, said("c", at(1, 12, 2))], 0);
  assert.equal(after[1][1], before[1][1]);
  // It is not the last own one any more.
  assert.notEqual(after[0][1], before[0][1]);
});
