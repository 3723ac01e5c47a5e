// Each language says everything, and the page asks for nothing that is not there.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

const folder = new URL("../../../web-static/js/", import.meta.url);
const names = (await readdir(new URL("words/", folder))).filter(name => name !== "en.js");
const { words: english } = await import(new URL("words/en.js", folder));

/** The paths of all words, with how many arguments each takes. */
function shape(value, path = "") {
  if (typeof value === "function") return [`${path}(${value.length})`];
  if (typeof value !== "object") return [`${path}: ${typeof value}`];
  return Object.keys(value).sort().flatMap(key => shape(value[key], `${path}.${key}`));
}

test("there is another language", () => assert.ok(names.includes("de.js")));

for (const name of names) {
  test(`${name} has every word that English has, and no other`, async () => {
    const { words } = await import(new URL(`words/${name}`, folder));
    // How many keys a shortcut has is each language's own affair.
    const listed = entry => !entry.startsWith(".keys.list.");
    assert.deepEqual(shape(words).filter(listed), shape(english).filter(listed));
    assert.equal(words.keys.list.length, english.keys.list.length);
  });

  test(`${name} says nothing twice over in English`, async () => {
    const { words } = await import(new URL(`words/${name}`, folder));
    const long = (value, path = "") => (typeof value === "string" ? (value.length > 24 ? [[path, value]] : [])
      : typeof value === "object" ? Object.keys(value).flatMap(key => long(value[key], `${path}.${key}`)) : []);
    const known = new Map(long(english));
    assert.deepEqual(long(words).filter(([path, text]) => known.get(path) === text), []);
  });
}

test("every word that the page asks for is there", async () => {
  const missing = [];
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!entry.endsWith(".js") || entry.startsWith("words/")) continue;
    const text = await readFile(new URL(entry, folder), "utf8");
    const own = /const words = strings((?:\.\w+)+);/.exec(text)?.[1] ?? null;
    const found = [...text.matchAll(/(?<![/.])\bstrings((?:\.\w+)+)/g), ...(own ? text.matchAll(/(?<!\.)\bwords((?:\.\w+)+)/g) : [])];
    for (const [whole, path] of found) {
      const steps = (whole.startsWith("words") ? own + path : path).slice(1).split(".");
      let value = english;
      // What is asked of a word itself, as `length`, is no word.
      for (const step of steps) if (typeof value === "object" && value !== null) value = value[step];
      if (value === undefined) missing.push(`${entry}: ${whole}`);
    }
  }
  assert.deepEqual(missing, []);
});
