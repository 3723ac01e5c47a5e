// For those who write bots and servers: events beside the wire, and what every code means.

import { place, View } from "../core/context.js";
import { h, setAttribute } from "../core/dom.js";
import { strings } from "../strings.js";

const words = strings.developer;

export class Developer extends View {
  #section = null;

  render() {
    this.#section = null;
    const links = [["live", words.live, "#/developer"], ["errors", words.catalogue, "#/developer/errors"]]
      .map(([name, text, href]) => [name, h("a", { href }, text)]);
    const body = h("div", { class: "developer-body" });
    const show = () => {
      if (place.path[0] !== "developer") return;
      const section = place.path[1] === "errors" ? "errors" : "live";
      for (const [name, link] of links) setAttribute(link, "aria-current", name === section ? "page" : null);
      if (section === this.#section) return;
      this.#section = section;
      // First, as the lists go to their ends when they are laid out.
      body.classList.toggle("side-by-side", section === "live");
      const views = section === "errors" ? ["msn-catalogue"] : ["msn-event-feed", "msn-wire-trace"];
      body.replaceChildren(...views.map(name => h(name)));
    };
    this.replaceChildren(h("div", { class: "page developer" },
      h("div", { class: "page-head" }, h("h2", {}, words.title),
        h("nav", { class: "sections", "aria-label": words.sections }, ...links.map(([, link]) => link))),
      body));
    this.on(place, "change", show);
    show();
  }
}
