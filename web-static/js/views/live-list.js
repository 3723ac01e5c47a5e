// A list that grows at its end: it can be paused, cleared, filtered, copied and saved, and keeps to its newest rows.

import { copy } from "../core/clipboard.js";
import { h, setHidden, setText } from "../core/dom.js";
import { save } from "../session/export.js";
import { iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.developer;
/** Rows in the document; what is older goes. */
const most = 300;
/** Pixels from the end that still count as being at it. */
const nearEnd = 40;

export class LiveList {
  #make;
  #matches;
  #record;
  #name;
  #part = "";
  #held = [];
  #isPaused = false;
  #rows = h("ol", { class: "live-rows" });
  #empty;
  #pause;
  #state = h("p", { class: "live-state", role: "status" });

  /**
   * `make(item)` gives a row (`li`); `matches(item, part)` whether it is meant by what was written, in small letters, into the
   * field that is called `filter`; `record(item)` what of it is copied, and saved as `name`.
   */
  constructor({ title, text, empty, filter, name, make, matches, record }) {
    this.#make = make;
    this.#matches = matches;
    this.#record = record;
    this.#name = name;
    this.#empty = h("p", { class: "empty" }, empty);
    const button = (label, onclick) => h("button", { type: "button", class: "small-button", onclick }, label);
    this.#pause = button(words.pause, () => this.#togglePause());
    const field = h("input", {
      type: "search", "aria-label": filter, placeholder: filter, spellcheck: "false", class: "live-filter",
      oninput: () => this.#filter(field.value.trim().toLowerCase())
    });
    this.box = h("div", { class: "live-box", tabindex: "0", role: "group", "aria-label": title }, this.#empty,
      this.#rows);
    this.element = h("section", { class: "card live", "aria-label": title },
      h("div", { class: "live-head" }, h("h3", {}, title),
        h("div", { class: "buttons" }, field, this.#pause, button(words.clear, () => this.clear()),
          iconButton("copy", words.copy, () => this.#copy()), iconButton("download", words.download, () => this.#save()))),
      h("div", { class: "hint" }, h("p", {}, text), this.#state), this.box);
  }

  /** Says why nothing comes, or nothing; with `hurry` there is a button for not waiting any longer. */
  say(text, hurry) {
    this.#state.replaceChildren(text, ...(hurry
      ? [" ", h("button", { type: "button", class: "small-button", onclick: hurry }, strings.tryNow)] : []));
  }

  #isWanted(item) { return this.#part === "" || this.#matches(item, this.#part); }

  /** Shows only what is meant, of the rows that are there too. */
  #filter(part) {
    this.#part = part;
    for (const row of this.#rows.children) setHidden(row, !this.#isWanted(row.item));
  }

  add(items) {
    if (this.#isPaused) {
      this.#held = [...this.#held, ...items].slice(-most);
      setText(this.#pause, words.paused(this.#held.length));
      return;
    }
    const isAtEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < nearEnd;
    this.#rows.append(...items.slice(-most).map(item => {
      const row = this.#make(item);
      row.item = item;
      row.hidden = !this.#isWanted(item);
      return row;
    }));
    while (this.#rows.childElementCount > most) this.#rows.firstElementChild.remove();
    setHidden(this.#empty, this.#rows.childElementCount > 0);
    if (isAtEnd) this.box.scrollTop = this.box.scrollHeight;
  }

  clear() {
    this.#held = [];
    this.#rows.replaceChildren();
    setHidden(this.#empty, false);
    if (this.#isPaused) setText(this.#pause, words.paused(0));
  }

  /** What is shown, one JSON value to a line. */
  get #lines() {
    const shown = [...this.#rows.children].filter(row => !row.hidden);
    return shown.map(row => `${JSON.stringify(this.#record(row.item))}\n`).join("");
  }

  async #copy() { this.say(await copy(this.#lines) ? words.copied : words.notCopied); }

  #save() { save(`${this.#name}.jsonl`, "application/jsonl", this.#lines); }

  #togglePause() {
    this.#isPaused = !this.#isPaused;
    setText(this.#pause, this.#isPaused ? words.paused(0) : words.pause);
    if (this.#isPaused) return;
    const held = this.#held;
    this.#held = [];
    this.add(held);
  }
}
