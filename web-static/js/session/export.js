// Gives what was said as a file: text for people, JSON for programs.

import { dayText, momentText } from "../core/text.js";

/** One line for each message, with a line for each day. */
export function asText(title, messages, nameOf) {
  const lines = [title, ""];
  let day = "";
  for (const message of messages) {
    const today = new Date(message.time).toDateString();
    if (today !== day) lines.push(...(day ? [""] : []), `– ${dayText(message.time)} –`);
    day = today;
    lines.push(`[${momentText(message.time)}] ${nameOf(message)}: ${(message.text ?? "").replace(/\n/g, "\n    ")}`);
  }
  return `${lines.join("\n")}\n`;
}

export function asJSON(thread, messages) {
  return `${JSON.stringify({
    participants: thread.participants, group: thread.group,
    messages: messages.map(({ id, time, own, from, displayName, text, format, delivery, reason }) =>
      ({ id, time, own, from, displayName, text, format, delivery, reason }))
  }, null, 2)}\n`;
}

/** Hands a file to the person; nothing of it is sent anywhere. */
export function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^\p{L}\p{N} ._@-]+/gu, "_").slice(0, 100);
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
