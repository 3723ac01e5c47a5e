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
    h("pre", { tabindex: "0", "aria-label": event.type }, JSON.stringify(event, null, 2))));
}

export class EventFeed extends View {
  render() {
    const filter = h("input", {
      type: "search", "aria-label": words.filter, placeholder: words.filter, spellcheck: "false", class: "live-filter",
      oninput: () => {
        const part = filter.value.trim().toLowerCase();
        list.filter(event => event.type.toLowerCase().includes(part));
      }
    });
    const list = new LiveList({
      title: words.events, text: words.eventsText, empty: words.eventsWaiting, make: row, tools: [filter]
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
