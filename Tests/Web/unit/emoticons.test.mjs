// Which characters are emoticons, and which only look like some.

import assert from "node:assert/strict";
import { test } from "node:test";
import { codeApart, emoji, emoticons, withEmoticons } from "../../../web-static/js/core/emoticons.js";

const shown = text => withEmoticons(text).map(part => part.emoji ?? part.text).join("");

test("each code is its picture, in either case, alone and beside others", () => {
  for (const [codes, picture] of emoticons) {
    for (const code of codes) {
      assert.equal(shown(code), picture);
      assert.equal(shown(`so ${code.toLowerCase()} it is`), `so ${picture} it is`);
    }
  }
  assert.equal(shown("(L)(L) :):)"), "❤️❤️ 🙂🙂");
  assert.equal(shown("really?:) (yes :-D)"), "really?🙂 (yes 😃)");
});

test("what is part of a word, of a call or of a path is none", () => {
  for (const text of ["f(x)", "std::D", "a:D", ":Paul", "(L)ove", "map(L)", "(80)", "x=:)", "C:\\:D", "http://x:)"]) {
    assert.equal(shown(text), text);
  }
});

test("nothing of a text is lost", () => {
  const text = "one :) two (Y)\nthree :'(";
  assert.equal(withEmoticons(text).map(part => part.text).join(""), text);
  assert.equal(codeApart(`${text} \`a :)\``).map(part => part.text).join(""), `${text} \`a :)\``);
});

test("code stands between backticks", () => {
  assert.deepEqual(codeApart("a `b :)` c"), [
    { text: "a ", isCode: false }, { text: "`b :)`", isCode: true }, { text: " c", isCode: false }
  ]);
  assert.deepEqual(codeApart("```\n(L)\n```"), [{ text: "```\n(L)\n```", isCode: true }]);
  assert.deepEqual(codeApart("one ` alone"), [{ text: "one ` alone", isCode: false }]);
});

test("no code and no emoji is offered twice", () => {
  const codes = emoticons.flatMap(([all]) => all.map(code => code.toLowerCase()));
  assert.equal(new Set(codes).size, codes.length);
  for (const group of Object.values(emoji)) assert.equal(new Set(group.split(" ")).size, group.split(" ").length);
});
