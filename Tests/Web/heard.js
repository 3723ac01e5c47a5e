// What a screen reader would say of what changes on a page, in `window.heard`: additions to live regions (WAI-ARIA 1.2) that
// were there before, and alerts. Moves of the focus are not in it.

window.heard = [];

(() => {
  const implicit = { alert: "assertive", status: "polite", log: "polite" };

  /** The region that `node` is in, if changes in it are said. */
  function regionOf(node) {
    for (let at = node; at instanceof Element; at = at.parentElement) {
      const live = at.getAttribute("aria-live") ?? implicit[at.getAttribute("role")];
      if (live) return live === "off" ? null : at;
    }
    return null;
  }

  const isAtomic = region =>
    (region.getAttribute("aria-atomic") ?? String(["status", "alert"].includes(region.getAttribute("role")))) === "true";

  const textOf = node => (node instanceof Element && !node.checkVisibility() ? "" : node.textContent.trim());

  new MutationObserver(records => {
    const added = new Set(records.flatMap(record => [...record.addedNodes]));
    const isNew = node => {
      for (let at = node; at; at = at.parentNode) if (added.has(at)) return true;
      return false;
    };
    const said = new Set();
    const say = (region, node) => {
      // A region that comes with its words already in it is said only where it is an alert.
      if (!region || isNew(region) && region.getAttribute("role") !== "alert") return;
      const spoken = isAtomic(region) || isNew(region) ? region : node;
      if (said.has(spoken)) return;
      said.add(spoken);
      if (region.isConnected && spoken.isConnected && textOf(spoken)) window.heard.push(textOf(spoken));
    };
    for (const { type, target, addedNodes } of records) {
      if (type === "childList") {
        for (const node of addedNodes) {
          if (!node.isConnected) continue;
          say(regionOf(target), node);
          if (node instanceof Element) for (const alert of node.querySelectorAll("[role=alert]")) say(alert, alert);
        }
      } else if (type === "characterData") {
        say(regionOf(target.parentElement), target);
      } else if (!target.hidden) {
        say(regionOf(target), target);
        for (const alert of target.querySelectorAll("[role=alert]")) say(alert, alert);
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["hidden"] });
})();
