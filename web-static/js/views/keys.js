// Keys that work wherever one is on the page, and the list of all keys.

import { messenger, place, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { h } from "../core/dom.js";
import { narrow } from "../core/layout.js";
import { preferences } from "../core/preferences.js";
import { findPerson } from "./finder.js";
import { strings } from "../strings.js";

const words = strings.keys;

const isEditable = element => element.closest?.("input, textarea, select, [contenteditable]") !== null;

/** Whether something stands in front of the page, which has the keys then. */
const isCovered = () => document.querySelector("dialog[open], :popover-open") !== null;

/** A dialog with every key and what it does. */
export function listKeys() {
  return ask({
    title: words.title, wide: true,
    content: h("dl", { class: "key-list" }, ...words.list.flatMap(([keys, text]) => [
      h("dt", {}, ...keys.map(key => h("kbd", {}, key))), h("dd", {}, text)
    ]))
  });
}

export class Keys extends View {
  render() { this.on(document, "keydown", event => this.#press(event)); }

  #press(event) {
    if (event.defaultPrevented || event.isComposing || isCovered()) return;
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    const isPlain = !altKey && !ctrlKey && !metaKey;
    const actions = [
      [key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey && !shiftKey, () => findPerson()],
      [altKey && !ctrlKey && !metaKey && !target.closest("select") && (key === "ArrowUp" || key === "ArrowDown"),
        () => this.#go(key === "ArrowUp" ? -1 : 1)],
      [key === "?" && isPlain && !isEditable(target) && preferences.get("keyHelp"), () => listKeys()],
      // What a list of choices has open is closed by it first.
      [key === "Escape" && isPlain && target.closest("msn-thread") !== null && !target.closest("select"), () => this.#leave()]
    ];
    const action = actions.find(([isMeant]) => isMeant)?.[1];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** To the conversation before or after the one that is shown. */
  #go(step) {
    const { threads, active } = messenger.state;
    const keys = [...threads.values()].filter(thread => thread.visible).map(thread => thread.key);
    if (keys.length === 0) return;
    const index = keys.indexOf(active);
    const isThere = place.path[0] === "chats" && index >= 0;
    const next = isThere ? keys[(index + step + keys.length) % keys.length] : keys[Math.max(0, index)];
    place.go("chats", next);
    // Whoever goes by keyboard is where the words go.
    document.querySelector("msn-thread textarea")?.focus({ preventScroll: true });
  }

  /** Out of the conversation, which stays open. */
  #leave() {
    if (narrow.matches) place.back("chats");
    else document.querySelector("msn-contacts input")?.focus();
  }
}
