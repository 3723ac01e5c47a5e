// Small parts that several views show.

import { messenger } from "../core/context.js";
import { bdi, h } from "../core/dom.js";
import { codeApart, withEmoticons } from "../core/emoticons.js";
import { icon } from "../core/icons.js";
import { preferences } from "../core/preferences.js";
import { linked, webAddress } from "../core/text.js";
import { fold } from "../state/contacts.js";
import { strings } from "../strings.js";

/** A link out of the page; nothing but http and https ever becomes one. */
export function outLink(address, text, attributes = {}) {
  const url = webAddress(address);
  return url && h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", ...attributes }, text);
}

const plain = text => document.createTextNode(text);

const pictures = text => withEmoticons(text).map(part =>
  (part.emoji ? h("span", { class: "emoticon", title: part.text }, part.emoji) : plain(part.text)));

/** Text in which addresses are links, and emoticons pictures where they are wanted: in no link, and in no code. */
export function richText(text) {
  const isPlain = !preferences.get("emoticons");
  return codeApart(text).flatMap(({ text: piece, isCode }) => linked(piece).flatMap(part => {
    if (part.href) return outLink(part.href, part.text);
    return isPlain || isCode ? plain(part.text) : pictures(part.text);
  }));
}

export function badge(number, label) {
  return h("span", { class: "badge" }, h("span", { "aria-hidden": "true" }, number > 99 ? "99+" : number),
    h("span", { class: "only-heard" }, label));
}

export const iconButton = (name, label, onclick, attributes = {}) =>
  h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes },
    icon(name));

/** Makes a field for an account refuse the person's own, at the field and before anybody is asked. */
export function noOwn(input) {
  input.addEventListener("input", () => {
    const isOwn = fold(input.value.trim()) === fold(messenger.state.session?.account ?? "");
    input.setCustomValidity(isOwn ? strings.contacts.own : "");
  });
}

/** Terms and what they are. */
export function definitions(pairs) {
  return h("dl", { class: "definitions" }, ...pairs.filter(Boolean).flatMap(([term, value]) =>
    [h("dt", {}, term), h("dd", {}, typeof value === "string" ? bdi(value) : value)]));
}
