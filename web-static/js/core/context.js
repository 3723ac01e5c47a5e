// What the views share: the one messenger, where the person is, and what a view is made of. Imports nothing: whoever begins
// the page says which messenger it is.

/** The page's messenger, from `provide` on. */
export let messenger = null;

/** Called once, before the first view is made. */
export function provide(theMessenger) { messenger = theMessenger; }

/** Where the page is, in the address's fragment, so that a reload and the back button work. */
class Place extends EventTarget {
  constructor() {
    super();
    window.addEventListener("hashchange", () => this.dispatchEvent(new Event("change")));
  }

  /** `["developer", "errors", "217"]` */
  get path() {
    return location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(part => {
      try { return decodeURIComponent(part); } catch { return part; }
    });
  }

  go(...path) {
    const hash = `#/${path.map(encodeURIComponent).join("/")}`;
    if (location.hash !== hash) location.hash = hash;
  }

  /** Without a step for the back button. */
  replace(...path) {
    const hash = `#/${path.map(encodeURIComponent).join("/")}`;
    if (location.hash === hash) return;
    history.replaceState(null, "", hash);
    this.dispatchEvent(new Event("change"));
  }
}

export const place = new Place();

/** A custom element that renders once it is connected, and whose listeners end when it goes. */
export class View extends HTMLElement {
  #gone = null;

  /** Aborts when the element leaves the document. */
  get gone() { return this.#gone.signal; }

  connectedCallback() {
    this.#gone = new AbortController();
    this.render();
  }

  disconnectedCallback() { this.#gone?.abort(); }

  render() {}

  watch(listener) { messenger.store.watch(listener, this.gone); }

  on(target, type, listener) { target.addEventListener(type, listener, { signal: this.gone }); }
}
