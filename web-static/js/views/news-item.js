// What an entry of the news says, the same in the bell's list and as a toast.

import { codeLink } from "../core/code-link.js";
import { place } from "../core/context.js";
import { bdi, h } from "../core/dom.js";
import { figure, icon } from "../core/icons.js";
import { short, webAddress } from "../core/text.js";
import { outLink } from "./parts.js";
import { converse } from "./shell.js";
import { strings } from "../strings.js";

const words = strings.news;
/** Characters of a text that came; all of it is where it belongs. */
const shown = 280;

const senderOf = ({ displayName, from }) => displayName || from;

const describers = {
  mail: ({ data }) => {
    const sender = senderOf(data);
    return {
      picture: icon("mail"), title: sender ? `${words.mail} ${words.from(short(sender))}` : words.mail,
      text: short(data.subject ?? "", shown), action: { label: words.openMail, run: () => place.go("services") }
    };
  },
  page: ({ data }) => ({
    picture: icon("phone"), title: data.from ? `${words.page} ${words.from(short(data.from))}` : words.page,
    text: short(data.text, shown)
  }),
  pageFailed: ({ data }) => ({
    picture: icon("warning"), title: words.pageFailed(short(data.to)), text: "", msnp: data.msnp?.code
  }),
  alert: ({ data }) => ({
    picture: icon("bell"), title: words.alert, text: short(data.text, shown), url: webAddress(data.actionUrl ?? "")
  }),
  notice: ({ data }) => ({ picture: icon("warning"), title: words.notice(data.minutes), text: "" }),
  came: ({ data }) => ({
    picture: figure(data.status), title: words.came(short(data.displayName)), text: "",
    action: { label: words.write, run: () => converse(data.account) }
  }),
  unsent: ({ data }) => ({
    picture: icon("edit"), title: words.unsent(data.to.map(name => short(name)).join(", ")), text: data.text
  }),
  problem: ({ data }) => ({
    picture: icon("warning"), title: strings.failed[data.what], text: data.text, msnp: data.msnp,
    requestId: data.requestId, isUrgent: true
  }),
  message: ({ data }) => ({
    picture: icon("chats"), title: words.message(short(data.name)), text: short(data.text, 140),
    action: { label: words.read, run: () => place.go("chats", data.key) }
  })
};

/** `{picture, title, text, action?: {label, name?, run}, url?, msnp?, requestId?, isUrgent?}` of `{kind, data}`. */
export const describe = entry => describers[entry.kind](entry);

/** What it says, as one sentence for those who hear it. */
export const spoken = ({ title, text }) => (text ? `${title}: ${text}` : title);

/** The words and what can be done; `done()` is called once somebody has done it. */
export function newsWords({ title, text, action, url, msnp, requestId }, done) {
  const isDone = { onclick: done };
  return [
    h("p", { class: "news-title" }, bdi(title)),
    text && h("p", { class: "news-text", dir: "auto" }, bdi(text)),
    requestId && h("p", { class: "request-id" }, strings.problems.request(requestId)),
    (action || url || msnp) && h("p", { class: "news-doing" },
      action && h("button", {
        type: "button", class: "small-button", "aria-label": action.name,
        onclick: () => {
          done();
          action.run();
        }
      }, action.label),
      url && outLink(url.href, words.openAt(url.host), { class: "button-link", ...isDone }),
      msnp && codeLink(msnp))
  ];
}
