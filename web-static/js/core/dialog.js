// Questions that stand in front of everything else until they are answered.

import { Problem, Unreachable } from "../api/problem.js";
import { strings } from "../strings.js";
import { codeLink } from "./code-link.js";
import { h, setHidden } from "./dom.js";
import { explain } from "./explain.js";
import { icon } from "./icons.js";

let opened = 0;

/**
 * Shows a dialog with `content`; resolves to what `answer()` gives when it is submitted, and to null when it is left.
 * Without `submit` it only tells something.
 *
 * With `act` it goes only once that has worked; a problem is shown in it, and what was written stays. While `isAnswered()` is
 * false it stays too.
 */
export function ask({
  title, content, submit, danger = false, answer = () => true, act, isAnswered = () => true, wide = false
}) {
  opened += 1;
  const heading = h("h2", { id: `dialog-title-${opened}` }, title);
  const failure = h("div", { class: "failure", role: "alert", hidden: true });
  const confirm = submit && h("button", { type: "submit", class: danger ? "danger-button" : "primary-button" }, submit);
  const form = h("form", { class: "dialog-form", novalidate: false },
    h("div", { class: "dialog-head" }, heading,
      h("button", { type: "button", class: "icon-button", "aria-label": strings.close, onclick: () => dialog.close() },
        icon("close"))),
    h("div", { class: "dialog-body" }, failure, content),
    h("div", { class: "dialog-foot" }, confirm,
      h("button", { type: "button", onclick: () => dialog.close() }, submit ? strings.cancel : strings.close)));
  const dialog = h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": heading.id }, form);
  document.body.append(dialog);
  // The first field, or what goes on; the button that only closes is first in the document but of least use.
  const first = dialog.querySelector("input:not([type=hidden]), select, textarea, .dialog-foot button");
  return new Promise(resolve => {
    let result = null;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      if (confirm.disabled || !isAnswered()) return;
      const given = answer();
      confirm.disabled = true;
      setHidden(failure, true);
      try {
        await act?.(given);
        result = given;
        dialog.close();
      } catch (error) {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        const { text, msnp } = explain(error);
        failure.replaceChildren(icon("warning"), h("div", {}, h("p", {}, text), msnp && codeLink(msnp)));
        setHidden(failure, false);
        first?.focus();
      } finally {
        confirm.disabled = false;
      }
    });
    // Whoever goes elsewhere has left it.
    const leave = () => dialog.close();
    window.addEventListener("hashchange", leave);
    dialog.addEventListener("close", () => {
      window.removeEventListener("hashchange", leave);
      dialog.remove();
      resolve(result);
    });
    dialog.showModal();
    first?.focus();
  });
}
