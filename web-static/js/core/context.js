// What the views share: the accounts, where the person is, and what a view is made of. Imports nothing: whoever begins the page
// says which accounts there are.

/** The page's accounts, from `provide` on, and the messenger of the one in front: views are of one, and made anew for another. */
export let accounts = null;
export let messenger = null;

/** Called once, before the first view is made. */
export function provide(theAccounts) {
  accounts = theAccounts;
  messenger = accounts.front;
  accounts.addEventListener("front", () => { messenger = accounts.front; });
}

/** Where the page is, in the address's fragment, so that a reload and the back button work. */
class Place extends EventTarget {
  /** How many steps on this page led to where it is; null before it is counted. */
  #steps = null;
  /** The fragment that everybody has been told of. */
  #told = location.hash;

  constructor() {
    super();
    this.#count();
    window.addEventListener("hashchange", () => {
      this.#count();
      this.#told = location.hash;
      this.dispatchEvent(new Event("change"));
    });
  }

  /** What has no number among the browser's steps is a new one. */
  #count() {
    const known = history.state?.steps;
    this.#steps = known ?? (this.#steps === null ? 0 : this.#steps + 1);
    if (known === undefined) history.replaceState({ steps: this.#steps }, "");
  }

  /** One step back, as the browser's own button; to `path` for whoever began here. */
  back(...path) {
    if (this.#steps > 0) history.back();
    else this.replace(...path);
  }

  /** Whether the person has gone elsewhere, and nobody was told yet: the browser does that later. */
  get isMoving() { return location.hash !== this.#told; }

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
    history.replaceState(history.state, "", hash);
    this.#told = location.hash;
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
