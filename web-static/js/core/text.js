// Words, times and sizes for people.

import { language } from "../strings.js";

// The words are in the page's language, the hours as the person's own system writes them.
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const preciseClock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
const sizes = ["byte", "kilobyte", "megabyte", "gigabyte"];

const isToday = date => date.toDateString() === new Date().toDateString();

/** The time, with the day unless it is today. */
export function timeText(time) {
  const date = new Date(time);
  return isToday(date) ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

const fullDay = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const relativeDay = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** Milliseconds of the midnight that a day begins with. */
const midnight = date => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** The day by itself: today and yesterday by those names. */
export function dayText(time) {
  const date = new Date(time);
  // A day is an hour shorter or longer twice a year.
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86_400_000);
  const text = days === 0 || days === 1 ? relativeDay.format(-days, "day") : fullDay.format(date);
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

/** Milliseconds until the next day begins. */
export function untilMidnight() {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

/** All that there is to say of a time. */
export const momentText = time => `${fullDay.format(new Date(time))}, ${preciseClock.format(new Date(time))}`;

/** The time alone, where the day is told already. */
export const clockText = time => clock.format(new Date(time));

export const secondsText = time => preciseClock.format(new Date(time));

export function sizeText(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < sizes.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : 1;
  return new Intl.NumberFormat(language,
    { style: "unit", unit: sizes[unit], maximumFractionDigits: digits }).format(value);
}

// What takes no place, whatever else it is: Unicode's ignorable characters, controls, spaces and the empty Braille cell.
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Z}\u2800]/gu;

/** A name, or the account of somebody whose name can't be seen. */
export const visibleName = (name, account) => (name.replace(invisible, "") === "" ? account : name);

/** For labels and announcements: names have no limit but the server's. */
export function short(text, most = 60) {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  // Not through the middle of a surrogate pair.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

// Without the controls of direction, with which an address could look like another one.
const address = /https?:\/\/[^\s<>"'`\u200E\u200F\u202A-\u202E\u2066-\u2069]+/giu;
const closers = { ")": "(", "]": "[", "}": "{" };

/** Without what belongs to the sentence around it: a bracket stays where it was opened inside. */
function trimmed(found) {
  let end = found.length;
  const count = sign => found.slice(0, end).split(sign).length - 1;
  for (; end > 0; end -= 1) {
    const last = found[end - 1];
    const isOver = last in closers ? count(last) > count(closers[last]) : ".,;:!?'\"".includes(last);
    if (!isOver) break;
  }
  return found.slice(0, end);
}

/**
 * An address that may be opened, else null: http and https alone, and none with a name before its host, which is how
 * addresses pretend to lead elsewhere.
 */
export function webAddress(text) {
  try {
    const url = new URL(text);
    const isWeb = url.protocol === "http:" || url.protocol === "https:";
    return isWeb && url.host && !url.username && !url.password ? url : null;
  } catch {
    return null;
  }
}

/** Cuts a text into `{text}` and `{text, href}`. */
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(address)) {
    const shown = trimmed(found[0]);
    const url = webAddress(shown);
    if (!url) continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index) });
    parts.push({ text: shown, href: url.href });
    from = found.index + shown.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}
