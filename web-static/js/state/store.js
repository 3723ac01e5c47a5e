// Holds the state and tells who wants to know. One notification for each batch of actions, however many they are.

export class Store extends EventTarget {
  #reduce;
  #state;

  constructor(reduce, initial) {
    super();
    this.#reduce = reduce;
    this.#state = initial;
  }

  get state() { return this.#state; }

  dispatch(...actions) {
    const before = this.#state;
    for (const action of actions) this.#state = this.#reduce(this.#state, action);
    if (this.#state !== before) this.dispatchEvent(new Event("change"));
  }

  /** Calls `listener(state)` now and after each change until `signal` aborts. */
  watch(listener, signal) {
    this.addEventListener("change", () => listener(this.#state), { signal });
    listener(this.#state);
  }
}
