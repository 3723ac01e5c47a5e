// For those who write bots and servers: events beside the wire, and what every code means.

import { place, View } from "../core/context.js";
import { h, setAttribute, setHidden } from "../core/dom.js";
import { strings } from "../strings.js";

const words = strings.developer;
const sections = { live: ["msn-event-feed", "msn-wire-trace"], calls: ["msn-call-list"], errors: ["msn-catalogue"] };

export class Developer extends View {
  #section = null;

  render() {
    this.#section = null;
    const links = [["live", words.live, "#/developer"], ["calls", words.calls, "#/developer/calls"],
      ["errors", words.catalogue, "#/developer/errors"]]
      .map(([name, text, href]) => [name, h("a", { href }, text)]);
    const faults = h("div", {}, h("msn-faults"));
    const body = h("div", { class: "developer-body" });
    const show = () => {
      if (place.path[0] !== "developer") return;
      const section = Object.hasOwn(sections, place.path[1] ?? "") ? place.path[1] : "live";
      for (const [name, link] of links) setAttribute(link, "aria-current", name === section ? "page" : null);
      if (section === this.#section) return;
      this.#section = section;
      // First, as the lists go to their ends when they are laid out.
      body.classList.toggle("side-by-side", section === "live");
      body.classList.toggle("one-list", section === "calls");
      setHidden(faults, section !== "live");
      body.replaceChildren(...sections[section].map(name => h(name)));
    };
    this.replaceChildren(h("div", { class: "page developer" },
      h("div", { class: "page-head" }, h("h2", {}, words.title),
        h("nav", { class: "sections", "aria-label": words.sections }, ...links.map(([, link]) => link)),
        h("a", { href: "/docs", target: "_blank" }, words.reference),
        h("a", { href: "/docs/problems", target: "_blank" }, strings.signIn.problems)), faults,
      body));
    this.on(place, "change", show);
    show();
  }
}
