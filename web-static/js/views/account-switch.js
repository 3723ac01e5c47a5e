// The accounts that are signed in side by side, what waits in each, and the way from one to the other.

import { accounts, messenger, View } from "../core/context.js";
import { h, setHidden } from "../core/dom.js";
import { figure } from "../core/icons.js";
import { short } from "../core/text.js";
import { waitingIn } from "../session/accounts.js";
import { badge, iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.accounts;

export class AccountSwitch extends View {
  render() {
    const list = h("ul", {});
    const nav = h("nav", { "aria-label": words.region, class: "accounts" }, list);
    this.replaceChildren(nav);
    const show = () => {
      setHidden(nav, accounts.all.length < 2);
      const hadFocus = [...list.querySelectorAll("button")].indexOf(document.activeElement);
      list.replaceChildren(...accounts.all.map(account => h("li", {}, this.#button(account))),
        ...(accounts.hasRoom ? [h("li", {}, iconButton("add", words.add, () => accounts.add()))] : []));
      if (hadFocus >= 0) [...list.querySelectorAll("button")].at(hadFocus)?.focus();
    };
    this.on(accounts, "change", show);
    show();
  }

  #button(account) {
    const { state, lastAccount } = account;
    const { session } = state;
    const name = session?.displayName ?? (lastAccount || words.nobody);
    const waiting = waitingIn(state);
    // Two of them may have one name.
    const address = session?.account ?? lastAccount;
    const status = session && state.phase !== "ended" ? session.status : "offline";
    return h("button", {
      type: "button", class: "account-button", "aria-current": account === messenger ? "true" : null, title: address,
      "aria-label": words.account(short(name), waiting, strings.presence[status]), onclick: () => accounts.show(account)
    }, figure(status), h("bdi", { class: "account-name" }, name), waiting > 0 && badge(waiting, ""));
  }
}
