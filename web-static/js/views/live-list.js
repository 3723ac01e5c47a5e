// A list that grows at its end: it can be paused, cleared and filtered, and keeps to its newest rows.

import { h, setHidden, setText } from "../core/dom.js";
import { strings } from "../strings.js";

const words = strings.developer;
/** Rows in the document; what is older goes. */
const most = 300;
/** Pixels from the end that still count as being at it. */
const nearEnd = 40;

export class LiveList {
  #make;
  #wanted = () => true;
  #held = [];
  #isPaused = false;
  #rows = h("ol", { class: "live-rows" });
  #empty;
  #pause;
  #state = h("p", { class: "live-state", role: "status" });

  /** `make(item)` gives a row (`li`). */
  constructor({ title, text, empty, make, tools = [] }) {
    this.#make = make;
    this.#empty = h("p", { class: "empty" }, empty);
    this.#pause = h("button", { type: "button", class: "small-button", onclick: () => this.#togglePause() },
      words.pause);
    this.box = h("div", { class: "live-box", tabindex: "0", role: "group", "aria-label": title }, this.#empty,
      this.#rows);
    this.element = h("section", { class: "card live", "aria-label": title },
      h("div", { class: "live-head" }, h("h3", {}, title),
        h("div", { class: "buttons" }, ...tools, this.#pause,
          h("button", { type: "button", class: "small-button", onclick: () => this.clear() }, words.clear))),
      h("div", { class: "hint" }, h("p", {}, text), this.#state), this.box);
  }

  /** Says why nothing comes, or nothing; with `hurry` there is a button for not waiting any longer. */
  say(text, hurry) {
    this.#state.replaceChildren(text, ...(hurry
      ? [" ", h("button", { type: "button", class: "small-button", onclick: hurry }, strings.tryNow)] : []));
  }

  /** Shows only what `wanted(item)` holds for, of the rows that are there too. */
  filter(wanted) {
    this.#wanted = wanted;
    for (const row of this.#rows.children) setHidden(row, !wanted(row.item));
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
      row.hidden = !this.#wanted(item);
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

  #togglePause() {
    this.#isPaused = !this.#isPaused;
    setText(this.#pause, this.#isPaused ? words.paused(0) : words.pause);
    if (this.#isPaused) return;
    const held = this.#held;
    this.#held = [];
    this.add(held);
  }
}
