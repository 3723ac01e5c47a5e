// News that come and go: sign-ins, mail, alerts, messages from elsewhere, and what did not work.

import { codeLink } from "../core/code-link.js";
import { announce, messenger, place, View } from "../core/context.js";
import { bdi, h, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { figure, icon } from "../core/icons.js";
import { preferences } from "../core/preferences.js";
import { short, webAddress } from "../core/text.js";
import { notify } from "../session/notifications.js";
import { iconButton, outLink } from "./parts.js";
import { converse } from "./shell.js";
import { strings } from "../strings.js";

const words = strings.toasts;
/** Milliseconds: the first for what is nice to know, the second for what should be read. A problem stays. */
const briefly = 6000;
const longer = 15_000;
/** More at once would cover the page. */
const most = 4;

export class Toasts extends View {
  #stack = null;
  /** What there is no place for yet. */
  #waiting = [];
  #rest = null;

  render() {
    this.#stack = h("div", { class: "toasts", role: "region", "aria-label": words.region });
    this.#rest = h("p", { class: "toasts-waiting", hidden: true });
    this.#waiting = [];
    this.replaceChildren(h("div", { class: "toasts-place" }, this.#rest, this.#stack));
    this.on(messenger, "toast", ({ detail }) => this.#show(detail));
    // Of a session that is over, only what did not work is still of use.
    this.on(messenger, "session", () => {
      if (messenger.state.session) return;
      this.#waiting = this.#waiting.filter(({ toast }) => toast.classList.contains("urgent"));
      for (const toast of [...this.#stack.children]) if (!toast.classList.contains("urgent")) this.#remove(toast);
    });
    // What is read by now is no news.
    let before = null;
    this.watch(({ attention }) => {
      if (attention === before) return;
      before = attention;
      const isRead = toast => attention && toast.thread === attention;
      this.#waiting = this.#waiting.filter(({ toast }) => !isRead(toast));
      for (const toast of [...this.#stack.children]) if (isRead(toast)) this.#remove(toast);
    });
  }

  #show(detail) {
    switch (detail.kind) {
      case "problem": return this.#problem(detail);
      case "signIn": return this.#signIn(detail);
      case "request": {
        const text = strings.requests.announced(short(detail.name));
        notify(strings.requests.region, text, `request-${detail.account}`);
        return announce(text);
      }
      case "message": return this.#message(detail);
      case "mail.received": return this.#mail(detail.data);
      case "alert.received": return this.#alert(detail.data);
      case "page.received": return this.#page(detail.data);
      case "page.failed": return this.#pageFailed(detail.data);
      case "server.notice": return this.#add("warning", words.notice(detail.data.minutes), "", { life: 0 });
      default: return undefined;
    }
  }

  #problem({ what, error }) {
    const { text, msnp, requestId } = explain(error);
    const more = [msnp && codeLink(msnp),
      requestId && h("p", { class: "request-id" }, strings.problems.request(requestId))];
    this.#add("warning", strings.failed[what], text, { life: 0, more, urgent: true });
  }

  #signIn({ account, name, status }) {
    if (!preferences.get("signIns")) return;
    this.#add(figure(status), strings.contacts.signedIn(short(name)), "",
      { life: briefly, action: () => converse(account), kind: "news" });
  }

  #message({ key, name, text }) {
    const title = words.message(short(name));
    const open = () => place.go("chats", key);
    this.#add("chats", title, short(text, 140),
      { life: briefly, action: open, label: words.read, kind: "news" }).thread = key;
    notify(title, short(text, 140), key, open);
  }

  #mail({ from, displayName, subject = "" }) {
    const sender = displayName || from;
    const title = sender ? `${words.mail} ${words.from(short(sender))}` : words.mail;
    const text = short(subject, 140);
    this.#add("mail", title, text, { life: longer, action: () => place.go("services"), label: strings.services.title });
    notify(title, text, "mail");
  }

  #alert({ id, text, actionUrl }) {
    const url = webAddress(actionUrl ?? "");
    const more = url ? [outLink(url.href, words.openAt(url.host), { class: "button-link" })] : [];
    // One with the number of an earlier alert takes its place.
    this.#waiting = this.#waiting.filter(({ toast }) => toast.alert !== id);
    for (const toast of [...this.#stack.children]) if (toast.alert === id) this.#remove(toast);
    this.#add("bell", words.alert, short(text, 280), { life: url ? 0 : longer, more }).alert = id;
    notify(words.alert, short(text, 140), `alert-${id}`);
  }

  #page({ from, text }) {
    const title = from ? `${words.page} ${words.from(short(from))}` : words.page;
    this.#add("bell", title, short(text, 280), { life: longer });
    notify(title, short(text, 140), "page");
  }

  #pageFailed({ to, msnp }) {
    this.#add("warning", words.pageFailed(short(to)), "", { life: 0, more: msnp ? [codeLink(msnp.code)] : [] });
  }

  #add(picture, title, text, { life, more = [], action, label = words.open, urgent = false, kind = "" }) {
    const toast = h("div", { class: `toast ${urgent ? "urgent" : kind}`, role: urgent ? "alert" : "status" },
      h("span", { class: "toast-picture" }, typeof picture === "string" ? icon(picture) : picture),
      h("div", { class: "toast-words" }, h("p", { class: "toast-title" },
        bdi(title)), text && h("p", { dir: "auto" }, bdi(text)), ...more,
        action && h("button",
          { type: "button", class: "small-button", onclick: () => { this.#remove(toast); action(); } }, label)),
      iconButton("close", words.dismiss, () => this.#remove(toast)));
    // What goes by itself and is said elsewhere too makes room; nothing else goes unread.
    if (this.#stack.childElementCount >= most) this.#stack.querySelector(".news")?.remove();
    this.#waiting.push({ toast, life });
    this.#fill();
    return toast;
  }

  #fill() {
    while (this.#waiting.length > 0 && this.#stack.childElementCount < most) {
      const { toast, life } = this.#waiting.shift();
      this.#stack.append(toast);
      if (!life) continue;
      // It stays as long as somebody is at it.
      const leave = () => {
        if (toast.matches(":hover, :focus-within")) setTimeout(leave, briefly);
        else this.#remove(toast);
      };
      setTimeout(leave, life);
    }
    setHidden(this.#rest, this.#waiting.length === 0);
    setText(this.#rest, words.waiting(this.#waiting.length));
  }

  #remove(toast) {
    const hadFocus = toast.contains(document.activeElement);
    toast.remove();
    this.#fill();
    if (hadFocus) document.getElementById("main")?.focus();
  }
}
