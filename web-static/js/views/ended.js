// The session is over: why, and how to go on.

import { messenger, place, View } from "../core/context.js";
import { h } from "../core/dom.js";
import { figure } from "../core/icons.js";
import { strings } from "../strings.js";

export class Ended extends View {
  render() {
    const { session } = messenger.state;
    const reason = strings.reasons[session?.reason];
    const again = h("button", {
      type: "button", class: "primary-button big",
      onclick: () => {
        // Where the person was may be a view that needs no session, and would stay.
        place.replace();
        messenger.leaveEnded();
      }
    }, strings.ended.again);
    this.replaceChildren(h("div", { class: "ended", role: "alert" },
      figure("offline"), h("h2", {}, strings.ended.title),
      h("p", {}, reason ? reason.replace(/^./, letter => letter.toUpperCase()).replace(/[^.]$/, "$&.") : ""), again));
    again.focus();
  }
}
