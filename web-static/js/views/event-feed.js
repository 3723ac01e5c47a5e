// The session's events as they come, each with all that it says.

import { View } from "../core/context.js";
import { h } from "../core/dom.js";
import { secondsText } from "../core/text.js";
import { LiveList } from "./live-list.js";
import { strings } from "../strings.js";

const words = strings.developer;

function row(event) {
  const area = event.type.split(".")[0];
  return h("li", { class: "event" }, h("details", {},
    h("summary", {},
      h("time", { datetime: event.time }, secondsText(event.time)),
      h("code", { class: `event-type area-${area}` }, event.type), " ",
      h("span", { class: "event-data" }, JSON.stringify(event.data).slice(0, 160))),
    h("pre", { tabindex: "0", "aria-label": event.type }, JSON.stringify(event, null, 2)),
    h("p", { class: "event-docs" },
      h("a", { href: `/docs#event-${event.type}`, target: "_blank" }, words.docsOf(event.type)))));
}

export class EventFeed extends View {
  render() {
    const list = new LiveList({
      title: words.events, text: words.eventsText, empty: words.eventsWaiting, filter: words.filter, name: "events",
      make: row, matches: (event, part) => event.type.toLowerCase().includes(part), record: event => event
    });
    this.replaceChildren(list.element);
    let seen = null;
    this.watch(({ feed }) => {
      if (feed.at(-1) === seen) return;
      // What is new stands behind the last one that is shown, unless so much came that it is gone.
      const news = feed.slice(seen ? feed.lastIndexOf(seen) + 1 : 0);
      seen = feed.at(-1) ?? null;
      list.add(news);
    });
  }
}
