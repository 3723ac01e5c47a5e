// A menu of actions below a button (WAI-ARIA Authoring Practices, menu button).

import { h } from "./dom.js";

/**
 * Opens at `anchor`; `items` are `{label, icon?, checked?, danger?, select}`. Escape, a choice and a click elsewhere
 * close it, and the anchor has the focus again.
 */
export function openMenu(anchor, label, items) {
  const menu = h("div", { role: "menu", class: "menu", popover: "auto", "aria-label": label });
  const close = () => {
    if (menu.matches(":popover-open")) menu.hidePopover();
  };
  for (const { label: text, icon, checked, danger, select } of items) {
    const isChoice = checked !== undefined;
    menu.append(h("button", {
      type: "button", role: isChoice ? "menuitemradio" : "menuitem", "aria-checked": isChoice ? String(checked) : null,
      tabindex: "-1", class: danger ? "menu-item danger" : "menu-item",
      onclick: () => {
        close();
        select();
      }
    }, icon, h("span", {}, text)));
  }
  const buttons = [...menu.children];
  menu.addEventListener("keydown", event => {
    const index = buttons.indexOf(document.activeElement);
    const steps = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      buttons.at(steps[event.key] % buttons.length).focus();
    } else if (event.key === "Tab") {
      event.preventDefault();
      close();
    } else if (event.key.length === 1 && event.key !== " ") {
      const wanted = event.key.toLowerCase();
      const order = [...buttons.slice(index + 1), ...buttons.slice(0, index + 1)];
      order.find(button => button.textContent.trim().toLowerCase().startsWith(wanted))?.focus();
    }
  });
  menu.addEventListener("toggle", event => {
    if (event.newState === "open") return;
    anchor.setAttribute("aria-expanded", "false");
    // Whoever has gone elsewhere by then stays there.
    const isLost = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (isLost && anchor.isConnected) anchor.focus();
  });
  menu.addEventListener("beforetoggle", event => {
    if (event.newState === "closed" && menu.contains(document.activeElement) && anchor.isConnected) anchor.focus();
  });
  // Part of what it belongs to, for those who go by the parts of a page.
  (anchor.closest("section, header") ?? document.body).append(menu);
  menu.showPopover();
  const place = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = place.bottom + 4;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, place.top - height - 4);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`;
  anchor.setAttribute("aria-expanded", "true");
  (buttons.find(button => button.getAttribute("aria-checked") === "true") ?? buttons[0])?.focus();
}
