// The list beside the reference: it follows what is read, and finds what is looked for.

import { h, setHidden, setText } from "../core/dom.js";
import { language, strings } from "../strings.js";

const words = strings.docs;

const anchorOf = link => decodeURIComponent(link.hash.slice(1));

/** What of the page a heading stands for. */
const partOf = heading => heading.closest("article, details, section") ?? heading;

export class Contents {
  #nav;
  #links;
  /** Of each link, the words of what it leads to. */
  #texts = null;
  #current = null;

  constructor(nav) {
    this.#nav = nav;
    this.#links = [...nav.querySelectorAll("a[href^='#']")];
    this.#follow();
    nav.prepend(this.#search());
  }

  #follow() {
    const byHeading = new Map();
    for (const link of this.#links) {
      const heading = document.getElementById(anchorOf(link));
      if (heading) byHeading.set(heading, link);
    }
    const headings = [...byHeading.keys()];
    let isAsked = false;
    const mark = () => {
      isAsked = false;
      // The last one above what is read; what is folded away has no place.
      const top = 140;
      let low = 0;
      for (let high = headings.length; low < high;) {
        const middle = (low + high) >> 1;
        if (headings[middle].getBoundingClientRect().top <= top) low = middle + 1;
        else high = middle;
      }
      this.#mark(byHeading.get(headings[Math.max(0, low - 1)]));
    };
    const ask = () => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(mark);
    };
    addEventListener("scroll", ask, { passive: true });
    addEventListener("resize", ask);
    ask();
  }

  #mark(link) {
    if (!link || link === this.#current) return;
    this.#current?.removeAttribute("aria-current");
    for (const group of this.#nav.querySelectorAll(".is-here")) group.classList.remove("is-here");
    this.#current = link;
    link.setAttribute("aria-current", "location");
    for (let at = link.closest("li"); at; at = at.parentElement.closest("li")) at.classList.add("is-here");
    // The list's own place only: the page is where its reader has put it.
    const { top, bottom } = link.getBoundingClientRect();
    const box = this.#nav.getBoundingClientRect();
    if (top < box.top + 60 || bottom > box.bottom) this.#nav.scrollTop += top - box.top - box.height / 3;
  }

  #search() {
    const input = h("input", { type: "search", id: "docs-search", placeholder: words.search, autocomplete: "off", spellcheck: "false" });
    const number = h("p", { class: "hint", role: "status" });
    const find = () => {
      this.#texts ??= new Map(this.#links.map(link => {
        const heading = document.getElementById(anchorOf(link));
        const text = heading?.tagName === "H2" ? heading.textContent : partOf(heading ?? link).textContent;
        return [link, `${link.textContent} ${text}`.toLowerCase()];
      }));
      const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = new Set(this.#links.filter(link => wanted.every(word => this.#texts.get(link).includes(word))));
      for (const item of this.#nav.querySelectorAll("li")) {
        const isFound = wanted.length === 0 || [...item.querySelectorAll("a")].some(link => found.has(link));
        setHidden(item, !isFound);
        item.classList.toggle("is-found", wanted.length > 0 && isFound);
      }
      setText(number, wanted.length > 0 ? words.found(found.size) : "");
      return found;
    };
    input.addEventListener("input", find);
    input.addEventListener("keydown", event => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      // The best is one that has the words in its name.
      const found = [...find()];
      const name = input.value.toLowerCase();
      (found.find(link => link.textContent.toLowerCase().includes(name)) ?? found[0])?.click();
    });
    return h("div", { class: "docs-search", role: "search", lang: language },
      h("label", { for: input.id, class: "only-heard" }, words.search), input, number);
  }
}
