// Every MSNP error: found by number or word, and opened by the address of its code.

import { errors } from "../api/gateway.js";
import { place, View } from "../core/context.js";
import { h, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { definitions } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.developer;

export class Catalogue extends View {
  async render() {
    const number = h("p", { class: "hint", role: "status" });
    const list = h("div", { class: "error-list" });
    const search = h("input", {
      type: "search", "aria-label": words.find, placeholder: words.find, spellcheck: "false", oninput: () => show()
    });
    // Nothing to find until the errors are there.
    let show = () => {};
    this.replaceChildren(h("section", { class: "card", "aria-label": words.catalogue },
      h("div", { class: "catalogue-tools" }, search, number), list));
    let all;
    try {
      all = await errors();
    } catch (error) {
      setText(number, explain(error).text);
      return;
    }
    const rows = all.map(error => {
      const { code, name, laterName, meaning, advice } = error;
      return { row: this.#row(error), words: [code, name, laterName, meaning, advice].join(" ").toLowerCase(), error };
    });
    list.replaceChildren(...rows.map(({ row }) => row));
    show = () => {
      const wanted = search.value.trim().toLowerCase();
      let found = 0;
      for (const entry of rows) {
        const isFound = entry.words.includes(wanted);
        setHidden(entry.row, !isFound);
        if (isFound) found += 1;
      }
      setText(number, found === 0 ? words.noneFound : words.number(found));
    };
    const open = () => {
      const [, section, code] = place.path;
      if (section !== "errors" || !code) return;
      const entry = rows.find(({ error }) => String(error.code) === code);
      if (!entry) {
        setText(number, words.unknown(code));
        return;
      }
      search.value = "";
      show();
      for (const { row } of rows) row.open = row === entry.row;
      entry.row.scrollIntoView({ block: "center" });
      entry.row.querySelector("summary").focus();
    };
    this.on(place, "change", open);
    show();
    open();
  }

  #row({ code, name, meaning, advice, since, removedIn, closes, class: kind, laterName, disagreement }) {
    return h("details", { class: "error", id: `error-${code}` },
      h("summary", {}, h("strong", {}, String(code)), h("span", {}, meaning), name && h("code", {}, name)),
      definitions([
        [words.meaning, meaning], [words.advice, advice], since && [words.since, since],
        removedIn && [words.removed, removedIn],
        [words.class, words.classes[kind] ?? kind], [words.closes, closes ? words.yes : words.no],
        laterName && [words.later, h("code", {}, laterName)], disagreement && [words.disagreement, disagreement]
      ]));
  }
}
