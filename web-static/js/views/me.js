// The person: name, status, mail, and the way out.

import { Problem, Unreachable } from "../api/problem.js";
import { announce } from "../core/announce.js";
import { codeLink } from "../core/code-link.js";
import { accounts, messenger, place, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { h, setAttribute, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { figure, icon } from "../core/icons.js";
import { openMenu } from "../core/menu.js";
import { short } from "../core/text.js";
import { badge, iconButton } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.me;
const settable = ["online", "busy", "idle", "beRightBack", "away", "onThePhone", "outToLunch", "appearOffline"];

export class Me extends View {
  render() {
    const picture = h("span", { class: "me-picture" });
    const name = h("bdi", { class: "me-name", dir: "auto" });
    const rename = iconButton("edit", words.rename, () => this.#rename());
    const statusName = h("span", {});
    const status = h("button", {
      type: "button", class: "status-button", "aria-haspopup": "menu", "aria-expanded": "false",
      onclick: () => this.#choose(status)
    }, statusName);
    const mail = h("a", { href: "#/services", class: "icon-button me-mail" }, icon("mail"));
    const out = h("button", { type: "button", class: "quiet-button", onclick: () => this.#signOut() },
      words.signOut);
    const another = iconButton("invite", strings.accounts.add, () => accounts.add());
    const kept = h("p", { class: "me-kept" }, words.kept);
    const shown = h("div", { class: "me-line" }, name, rename);
    const form = h("form", { class: "rename-form", hidden: true });
    this.parts = { shown, form, rename };
    this.replaceChildren(h("section", { class: "me", "aria-label": words.region },
      picture, h("div", { class: "me-words" }, shown, form, h("div", { class: "me-line" }, status, mail, another, out),
        kept)));
    const note = () => {
      setHidden(kept, !messenger.isKept || messenger.state.phase === "ended");
      // Beside the others there is a button for it.
      setHidden(another, accounts.all.length > 1);
    };
    this.on(messenger, "session", note);
    this.on(accounts, "change", note);
    note();
    let before = null;
    this.watch(({ session, mail: counts, phase, gatewayAwaySince }) => {
      if (!session) return;
      const isThere = session.state === "online" && gatewayAwaySince === null;
      const key = JSON.stringify([session.displayName, session.status, session.verified, isThere, counts, phase]);
      if (key === before) return;
      before = key;
      picture.replaceChildren(figure(isThere ? session.status : "offline"));
      setText(name, session.displayName);
      // How others see one is the gateway's to say: while it is away nothing here says "online".
      const seen = strings.presence[gatewayAwaySince === null || phase === "ended" ? session.status : "unknown"];
      setText(statusName, seen);
      setAttribute(status, "aria-label", words.status(seen));
      const isLocked = session.verified === false;
      rename.disabled = isLocked || phase === "ended";
      status.disabled = phase === "ended";
      setAttribute(rename, "aria-label", isLocked ? words.renameLocked : words.rename);
      setAttribute(rename, "title", isLocked ? words.renameLocked : words.rename);
      const unread = counts?.inboxUnread ?? 0;
      setHidden(mail, counts === null);
      setAttribute(mail, "aria-label", words.mail(unread));
      setAttribute(mail, "title", words.mail(unread));
      mail.querySelector(".badge")?.remove();
      if (unread > 0) mail.append(badge(unread, ""));
      setAttribute(out, "aria-label", words.signOutOf(short(session.account)));
      setHidden(out, phase === "ended");
    });
  }

  #choose(anchor) {
    const now = messenger.state.session.status;
    openMenu(anchor, words.status(strings.presence[now]), settable.map(name => ({
      label: strings.presence[name], icon: figure(name), checked: name === now,
      select: async () => {
        if (name === now || !await messenger.actions.setPresence(name) || this.gone.aborted) return;
        announce(words.status(strings.presence[name]));
      }
    })));
  }

  /** What is kept in this browser is kept on, or forgotten, as they say now. */
  async #signOut() {
    const account = messenger;
    if (account.archive.isOpen) {
      const choice = (name, isChecked) => h("label", { class: "check" },
        h("input", { type: "radio", name: "history", value: name, checked: isChecked }), h("span", {}, words[name]));
      const choices = [choice("keepHistory", true), choice("forgetHistory", false)];
      const answer = await ask({
        title: words.signOut, submit: words.signOut, answer: () => ({ isForgotten: choices[1].firstChild.checked }),
        content: h("fieldset", {}, h("legend", {}, words.historyQuestion), ...choices)
      });
      if (!answer) return;
      if (answer.isForgotten) await account.archive.forget();
    }
    await account.signOut();
  }

  #rename() {
    const { shown, form, rename } = this.parts;
    const input = h("input", {
      "aria-label": words.name, value: messenger.state.session.displayName, required: true, maxlength: "387",
      dir: "auto", "aria-describedby": "rename-problem"
    });
    const problem = h("div", { class: "field-problem", id: "rename-problem", role: "alert" });
    const done = () => {
      setHidden(form, true);
      setHidden(shown, false);
      form.replaceChildren();
      rename.focus();
    };
    form.replaceChildren(input, h("button", { type: "submit", class: "small-button" }, strings.save),
      h("button", { type: "button", class: "small-button", onclick: done }, strings.cancel), problem);
    form.onsubmit = async event => {
      event.preventDefault();
      problem.replaceChildren();
      input.removeAttribute("aria-invalid");
      try {
        await messenger.actions.renaming(input.value.trim());
        if (this.gone.aborted) return;
        done();
        announce(words.renamed(short(messenger.state.session?.displayName ?? "")));
      } catch (error) {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        const { text, msnp } = explain(error);
        problem.replaceChildren(h("p", {}, text), ...(msnp ? [codeLink(msnp)] : []));
        input.setAttribute("aria-invalid", "true");
        input.focus();
      }
    };
    form.onkeydown = event => { if (event.key === "Escape") done(); };
    setHidden(shown, true);
    setHidden(form, false);
    input.focus();
    input.select();
  }
}
