// People who have added us and wait for an answer.

import { announce } from "../core/announce.js";
import { messenger, View } from "../core/context.js";
import { bdi, h, KeyedList, setHidden, setText } from "../core/dom.js";
import { figure } from "../core/icons.js";
import { short } from "../core/text.js";
import { fold } from "../state/contacts.js";
import { strings } from "../strings.js";

const words = strings.requests;

export class Requests extends View {
  render() {
    const list = h("ul", { class: "requests" });
    const section = h("section", { "aria-label": words.region, class: "requests-region", tabindex: "-1" }, list);
    this.replaceChildren(section);
    const rows = new KeyedList(list, contact => this.#row(contact), (row, contact) => this.#fill(row, contact));
    let before = null;
    this.watch(({ contacts, phase }) => {
      setHidden(section, phase === "ended" || list.childElementCount === 0);
      if (contacts === before) return;
      before = contacts;
      const pending = [...contacts.values()].filter(contact => contact.pending);
      rows.show(pending.map(contact => [fold(contact.account), contact]));
      setHidden(section, phase === "ended" || pending.length === 0);
    });
  }

  #row({ account }) {
    const addToo = h("input", { type: "checkbox", checked: true });
    const answer = async (isAccepted, button) => {
      const { displayName } = messenger.state.contacts.get(fold(account)) ?? { displayName: account };
      button.disabled = true;
      const { actions } = messenger;
      const worked = await (isAccepted ? actions.accept(account, addToo.checked) : actions.decline(account));
      button.disabled = false;
      if (!worked || this.gone.aborted) return;
      announce(isAccepted ? words.accepted(short(displayName)) : words.declined(short(displayName)));
      // The prompt is gone: on with the next one, or with the contacts.
      (this.querySelector(".accept") ?? document.querySelector("msn-contacts input"))?.focus();
    };
    return h("li", { class: "request" },
      h("div", { class: "request-who" }, figure("offline"),
        h("p", {}, bdi("", { class: "request-name" }), " ", bdi(account, { class: "request-account" }), " ",
          words.text)),
      h("label", { class: "check" }, addToo, h("span", { class: "request-add" })),
      h("div", { class: "buttons" },
        h("button",
          {
            type: "button", class: "primary-button small-button accept",
            onclick: event => answer(true, event.currentTarget)
          },
          words.accept),
        h("button",
          { type: "button", class: "small-button decline", onclick: event => answer(false, event.currentTarget) },
          words.decline)));
  }

  #fill(row, { account, displayName, lists }) {
    const name = short(displayName);
    setText(row.querySelector(".request-name"), displayName);
    setText(row.querySelector(".request-account"), displayName === account ? "" : `(${account})`);
    setText(row.querySelector(".request-add"), words.addToo(name));
    setHidden(row.querySelector(".check"), lists.includes("forward"));
    row.querySelector(".accept").setAttribute("aria-label", words.acceptOf(name));
    row.querySelector(".decline").setAttribute("aria-label", words.declineOf(name));
  }
}
