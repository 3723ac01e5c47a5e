// Making and updating elements. Text is always text: nothing here parses markup.

/** `h("button", {type: "button", onclick: go}, "Go")`. False, null and undefined leave an attribute or child out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else setAttribute(element, key, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Touches the document only where something changes. */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else {
    const text = value === true ? "" : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/** Somebody's name or other words from outside, whose direction stays inside. */
export const bdi = (text, attributes = {}) => h("bdi", attributes, text);

/**
 * Makes `parent`'s children those of `items`, in order, keeping the element of each key: focus and selection stay.
 * An element is updated only when its item is another object than before.
 */
export class KeyedList {
  #parent;
  #make;
  #update;
  #rows = new Map();

  /** `make(item)` gives an element, `update(element, item)` fills it. */
  constructor(parent, make, update) {
    this.#parent = parent;
    this.#make = make;
    this.#update = update;
  }

  get parent() { return this.#parent; }

  element(key) { return this.#rows.get(key)?.element; }

  /** `items`: pairs of key and item. */
  show(items) {
    const rows = new Map();
    const focused = this.#parent.contains(document.activeElement) ? document.activeElement : null;
    let place = this.#parent.firstElementChild;
    for (const [key, item] of items) {
      let row = this.#rows.get(key);
      if (!row) {
        row = { element: this.#make(item), item: undefined };
      }
      if (row.item !== item) {
        this.#update(row.element, item);
        row.item = item;
      }
      rows.set(key, row);
      if (row.element === place) place = place.nextElementSibling;
      else this.#move(row.element, place, focused);
    }
    for (const [key, row] of this.#rows) {
      if (rows.has(key)) continue;
      if (row.element === place) place = place.nextElementSibling;
      row.element.remove();
    }
    this.#rows = rows;
  }

  /** A moved element loses the focus; it gets it back. */
  #move(element, place, focused) {
    const hadFocus = focused && element.contains(focused);
    this.#parent.insertBefore(element, place);
    if (hadFocus) focused.focus({ preventScroll: true });
  }
}
