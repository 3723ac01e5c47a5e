// One line of a conversation: what was said, by whom, how it looked, and what became of it.

import { Problem } from "../api/problem.js";
import { alert } from "../core/announce.js";
import { codeLink } from "../core/code-link.js";
import { inks } from "../core/color.js";
import { bdi, h, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { fontStack } from "../core/fonts.js";
import { icon } from "../core/icons.js";
import { preferences } from "../core/preferences.js";
import { clockText, dayText, momentText, short, sizeText } from "../core/text.js";
import { richText } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.chats;
/** Characters of a message that are shown before somebody asks for the rest. */
const shownAtFirst = 2000;

const deliveryIcons = {
  sending: "clock", waiting: "clock", kept: "edit", pending: "check", delivered: "checks", unconfirmed: "question", failed: "warning"
};

/** The look that was sent, by properties alone: no style is ever made of text from outside. */
function dress(element, format) {
  if (!format) return;
  const { style } = element;
  // A name that could end the string or the value is no font's.
  if (format.font && /^[^"\\\n\r;{}]{1,64}$/.test(format.font)) style.fontFamily = fontStack(format.font);
  if (format.bold) style.fontWeight = "bold";
  if (format.italic) style.fontStyle = "italic";
  const lines = [format.underline && "underline", format.strikethrough && "line-through"].filter(Boolean);
  if (lines.length > 0) style.textDecorationLine = lines.join(" ");
  const ink = inks(format.color);
  if (ink && format.color !== "#000000") {
    style.setProperty("--ink-light", ink.light);
    style.setProperty("--ink-dark", ink.dark);
    element.classList.add("inked");
  }
  if (format.rightToLeft) element.dir = "rtl";
}

function bodyOf(message) {
  if (message.text === undefined || message.text === null) {
    return h("p", { class: "words unknown" }, words.unknownContent(short(message.contentType ?? "?")));
  }
  const body = h("p", { class: "words", dir: "auto" });
  dress(body, message.format);
  if (message.text.length <= shownAtFirst) {
    body.append(...richText(message.text));
    return body;
  }
  body.append(...richText(short(message.text, shownAtFirst)));
  const more = h("button", {
    type: "button", class: "small-button",
    onclick: () => {
      body.replaceChildren(...richText(message.text));
      body.tabIndex = -1;
      body.focus();
      more.remove();
    }
  }, words.showAll(message.text.length));
  return [body, more];
}

/** Shows what became of a message. The log has said it once; of all this only a failure is heard again. */
function fillDelivery(row, message, retry) {
  const { delivery, reason, problem, waitsFor } = message;
  const line = [words.delivery[delivery] ?? delivery];
  let code = null;
  if (delivery === "waiting" && waitsFor === "server") line[0] = words.waitsForServer;
  if (delivery === "failed") {
    if (words.failures[reason]) line.push(words.failures[reason]);
    else if (problem instanceof Problem) line.push(explain(problem).text);
    code = problem?.msnp?.code ?? null;
  }
  const text = line.join(": ");
  const canRetry = delivery === "failed" && !message.isKept;
  const look = `${delivery} ${canRetry} ${text}`;
  if (row.dataset.look === look) return;
  const before = row.dataset.look;
  row.dataset.look = look;
  row.className = `delivery delivery-${delivery}`;
  row.replaceChildren(icon(deliveryIcons[delivery] ?? "question"), h("span", {}, text), ...(code ? [codeLink(code)] : []));
  if (!canRetry) return;
  row.append(h("button", { type: "button", class: "small-button", onclick: () => retry(message) }, words.retry));
  if (before) alert(`${text} ${short(message.text ?? "", 80)}`);
}

const notices = {
  joined: ({ displayName }) => words.joined(short(displayName)),
  left: ({ displayName }) => words.left(short(displayName)),
  kept: () => words.keptHere,
  closed: () => words.closed,
  missed: ({ missed }) => words.missed(missed),
  invitation: ({ from, application, fileName, fileSize }) => words.invitation(
    short(from),
    fileName ? words.file(short(fileName),
      fileSize ? sizeText(fileSize) : null) : words.application(short(application ?? "?")))
};

/** A row can have the focus, though Tab passes it: the log's arrows lead there. */
export const makeMessage = () => h("div", { class: "message", tabindex: "-1" });

/** The first of a day begins with it. */
const dayLine = () => h("p", { class: "day" }, h("span", {}));

const timeOf = ({ time }, name) => h("time", { datetime: time, class: name, title: momentText(time) }, clockText(time));

/**
 * Fills a row. Of `item`, `isFirstOfDay` is whether the day is told above it, `isHeaded` whether it begins with the name, and
 * `isLastOwn` whether nothing of one's own comes after it. What stays the same is not touched: it would be heard again.
 */
export function fillMessage(row, { message, isFirstOfDay, isHeaded, isLastOwn }, retry) {
  row.className = `message ${message.kind} ${message.own ? "own" : "theirs"}`;
  row.classList.toggle("headed", isHeaded);
  // The words stay as they are when only their delivery changes: a selection in them does too.
  const look = `${message.key} ${preferences.get("emoticons")}`;
  if (row.dataset.of !== look) {
    row.dataset.of = look;
    row.replaceChildren(dayLine(), ...(message.kind === "notice" ? noticeParts(message) : textParts(message)));
  }
  setHidden(row.firstElementChild, !isFirstOfDay);
  if (isFirstOfDay) setText(row.firstElementChild.firstElementChild, dayText(message.time));
  if (message.kind === "notice") return;
  setHidden(row.querySelector(".says"), !isHeaded);
  if (!message.own) return;
  const foot = row.lastElementChild;
  fillDelivery(foot, message, retry);
  // That one arrived says nothing new of those before it, but that another one did not.
  setHidden(foot, message.delivery === "delivered" && !isLastOwn);
}

const noticeParts = message => [h("p", {}, bdi(notices[message.what]?.(message) ?? ""))];

function textParts(message) {
  const who = message.own ? h("span", {}, words.youSay)
    : [bdi(message.displayName ?? message.from, { dir: "auto" }), ` ${words.says}`];
  return [
    h("p", { class: "says" }, who, timeOf(message, "said-at")),
    h("div", { class: "message-body" }, timeOf(message, "when"), bodyOf(message)),
    ...(message.own ? [h("div", { "aria-live": "off" })] : [])
  ];
}
