// What of a conversation's rows depends on those around them: the day, the name, and which own message is the last one.

/** Milliseconds after which the same person's name is told again. */
const headAgain = 5 * 60_000;

const dayOf = ({ time }) => new Date(time).toDateString();

/** Whether the name is told above a message. */
function isHeaded(message, previous) {
  return message.kind === "text" && (previous?.kind !== "text" || previous.own !== message.own
    || previous.from !== message.from || Date.parse(message.time) - Date.parse(previous.time) > headAgain
    || dayOf(message) !== dayOf(previous));
}

export class LogRows {
  #known = new WeakMap();
  #today = "";

  /** Pairs of key and item of the messages from index `from` on; the same object as long as the row looks the same. */
  of(messages, from) {
    const today = new Date().toDateString();
    // What was today is yesterday.
    if (today !== this.#today) this.#known = new WeakMap();
    this.#today = today;
    const lastOwn = messages.findLast(message => message.own && message.kind === "text");
    const shown = messages.slice(from);
    return shown.map((message, index) => [message.key, this.#item(message, shown[index - 1], message === lastOwn)]);
  }

  /** All rows are made anew the next time. */
  forget() { this.#known = new WeakMap(); }

  #item(message, previous, isLastOwn) {
    const look = {
      isFirstOfDay: !previous || dayOf(previous) !== dayOf(message), isHeaded: isHeaded(message, previous), isLastOwn
    };
    const known = this.#known.get(message);
    if (known && Object.entries(look).every(([name, value]) => known[name] === value)) return known;
    const item = { message, ...look };
    this.#known.set(message, item);
    return item;
  }
}
