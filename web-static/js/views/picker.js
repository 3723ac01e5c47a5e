// Offers emoticons with their codes, and emoji, for what is being written.

import { emoji, emoticons } from "../core/emoticons.js";
import { h, setAttribute } from "../core/dom.js";
import { iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.picker;
/** Pixels between a picker and what opened it. */
const gap = 6;

/** The arrows go through the buttons as they stand. */
function step(event, place) {
  const all = [...place.querySelectorAll(".pick")];
  const index = all.indexOf(event.target.closest(".pick"));
  if (index < 0) return;
  const { left, top } = all[index].getBoundingClientRect();
  const beside = sign => all.filter(one => {
    const box = one.getBoundingClientRect();
    return Math.sign(box.top - top) === sign && Math.abs(box.left - left) < box.width / 2;
  });
  const next = {
    ArrowRight: () => all[index + 1], ArrowLeft: () => all[index - 1], ArrowDown: () => beside(1)[0],
    ArrowUp: () => beside(-1).at(-1), Home: () => all[0], End: () => all.at(-1)
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next()?.focus();
}

/** Puts what was chosen where the cursor is; a code after a word takes a space, or it would be none. */
function insert(input, text, isCode) {
  const before = input.value.slice(0, input.selectionStart);
  const space = isCode && /[\p{L}\p{N}_]$/u.test(before) ? " " : "";
  input.setRangeText(space + text, input.selectionStart, input.selectionEnd, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The button that opens the picker for a field. */
export function pickerButton(input) {
  const pick = (shown, text, isCode) => h("button", {
    type: "button", class: "pick", tabindex: "-1",
    onclick: () => {
      panel.hidePopover();
      insert(input, text, isCode);
      input.focus();
    }
  }, h("span", { class: "pick-emoji" }, shown), isCode && h("code", {}, text));
  const sheets = {
    emoticons: () => [
      h("div", { class: "pick-list with-codes" }, ...emoticons.map(([[first], shown]) => pick(shown, first, true)))
    ],
    emoji: () => Object.entries(emoji).flatMap(([name, all]) => [
      h("h3", {}, words.groups[name]), h("div", { class: "pick-list" }, ...all.split(" ").map(one => pick(one, one, false)))
    ])
  };
  const body = h("div", { class: "picker-body", role: "tabpanel", id: "picker-body" });
  const tabs = Object.keys(sheets).map(name => h("button", {
    type: "button", role: "tab", class: "picker-tab", id: `picker-${name}`, "aria-controls": body.id,
    onclick: () => show(name)
  }, words[name]));
  const show = name => {
    for (const tab of tabs) {
      const isChosen = tab.id === `picker-${name}`;
      setAttribute(tab, "aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    setAttribute(body, "aria-labelledby", `picker-${name}`);
    body.replaceChildren(...sheets[name]());
    body.querySelector(".pick").tabIndex = 0;
    body.scrollTop = 0;
  };
  const panel = h("div", { class: "picker", popover: "auto", role: "dialog", "aria-label": words.title },
    h("div", { class: "picker-tabs", role: "tablist", "aria-label": words.title }, ...tabs), body);
  body.addEventListener("keydown", event => step(event, body));
  panel.firstChild.addEventListener("keydown", event => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const other = tabs.find(tab => tab.getAttribute("aria-selected") !== "true");
    other.click();
    other.focus();
  });
  const button = iconButton("smile", words.title, () => {}, {
    class: "icon-button picker-button", "aria-haspopup": "dialog", "aria-expanded": "false"
  });
  button.popoverTargetElement = panel;
  const lay = () => {
    const { left, top } = button.getBoundingClientRect();
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - panel.offsetWidth - 8))}px`;
    panel.style.top = `${Math.max(8, top - panel.offsetHeight - gap)}px`;
  };
  panel.addEventListener("beforetoggle", event => { if (event.newState === "open") show("emoticons"); });
  panel.addEventListener("toggle", event => {
    setAttribute(button, "aria-expanded", String(event.newState === "open"));
    // A keyboard that goes makes room.
    if (event.newState === "open") window.addEventListener("resize", lay);
    else window.removeEventListener("resize", lay);
    if (event.newState !== "open") return;
    lay();
    body.querySelector(".pick").focus();
  });
  return [button, panel];
}
