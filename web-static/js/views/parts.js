// Small parts that several views show.

import { messenger } from "../core/context.js";
import { bdi, h } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { linked, webAddress } from "../core/text.js";
import { fold } from "../state/contacts.js";
import { strings } from "../strings.js";

/** A link out of the page; nothing but http and https ever becomes one. */
export function outLink(address, text, attributes = {}) {
  const url = webAddress(address);
  return url && h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", ...attributes }, text);
}

/** Text in which addresses are links. */
export function linkedText(text) {
  return linked(text).map(part => (part.href ? outLink(part.href, part.text) : document.createTextNode(part.text)));
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
