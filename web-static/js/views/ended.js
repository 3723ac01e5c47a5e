// The session is over: why, and how to go on.

import { messenger, place, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { figure } from "../core/icons.js";
import { strings } from "../strings.js";

const words = strings.ended;

export class Ended extends View {
  render() {
    const { session } = messenger.state;
    const reason = strings.reasons[session?.reason];
    const leave = isSamePerson => {
      // Where the person was may be a view that needs no session, and would stay.
      place.replace();
      messenger.leaveEnded(isSamePerson);
    };
    const button = (text, isSamePerson) => h("button",
      { type: "button", class: isSamePerson ? "primary-button big" : "big", onclick: () => leave(isSamePerson) }, text);
    const again = button(words.again, true);
    this.replaceChildren(h("div", { class: "ended" },
      figure("offline"), h("h2", {}, words.title),
      h("p", {}, reason ? reason.replace(/^./, letter => letter.toUpperCase()).replace(/[^.]$/, "$&.") : ""),
      h("div", { class: "buttons" }, again, button(words.other, false))));
    again.focus();
  }
}
