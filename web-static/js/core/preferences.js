// What this browser remembers for longer than a tab: no names, no messages, no credentials.

const place = "msnp-gateway.preferences";

export const standard = Object.freeze({
  theme: "auto", notifications: false, signIns: true, newsStay: false, format: {}, collapsed: ["others"], unverifiedSeen: "",
  keyHelp: true, emoticons: true, sounds: []
});

class Preferences extends EventTarget {
  #values = standard;

  constructor() {
    super();
    try {
      const stored = JSON.parse(localStorage.getItem(place) ?? "{}");
      this.#values = { ...standard, ...(typeof stored === "object" ? stored : {}) };
    } catch { /* Damaged, or storage is switched off: the standard will do. */ }
  }

  get(name) { return this.#values[name]; }

  set(name, value) {
    this.#values = { ...this.#values, [name]: value };
    try { localStorage.setItem(place, JSON.stringify(this.#values)); } catch { /* Then for this page's life alone. */ }
    this.dispatchEvent(new CustomEvent("change", { detail: name }));
  }
}

export const preferences = new Preferences();
