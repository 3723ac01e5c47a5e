// Questions that stand in front of everything else until they are answered.

import { strings } from "../strings.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

let opened = 0;

/**
 * Shows a dialog with `content`; resolves to what `answer()` gives when it is submitted, and to null when it is left.
 * Without `submit` it only tells something.
 */
export function ask({ title, content, submit, danger = false, answer = () => true, wide = false }) {
  opened += 1;
  const heading = h("h2", { id: `dialog-title-${opened}` }, title);
  const form = h("form", { class: "dialog-form", novalidate: false },
    h("div", { class: "dialog-head" }, heading,
      h("button", { type: "button", class: "icon-button", "aria-label": strings.close, onclick: () => dialog.close() },
        icon("close"))),
    h("div", { class: "dialog-body" }, content),
    h("div", { class: "dialog-foot" },
      submit && h("button", { type: "submit", class: danger ? "danger-button" : "primary-button" }, submit),
      h("button", { type: "button", onclick: () => dialog.close() }, submit ? strings.cancel : strings.close)));
  const dialog = h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": heading.id }, form);
  document.body.append(dialog);
  return new Promise(resolve => {
    let result = null;
    form.addEventListener("submit", event => {
      event.preventDefault();
      result = answer();
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(result);
    });
    dialog.showModal();
    // The first field, or what goes on; the button that only closes is first in the document but of least use.
    const first = dialog.querySelector("input:not([type=hidden]), select, textarea, .dialog-foot button");
    first?.focus();
  });
}
