// Makes the documentation's pages, which can be read without it, follow, search and try.

import { h, setHidden, setText } from "../core/dom.js";
import { followTheme } from "../core/theme.js";
import { language, strings } from "../strings.js";
import { CallPanel } from "./call-panel.js";
import { Contents } from "./contents.js";
import { credentials, hasSandbox } from "./credentials.js";

const words = strings.docs;

followTheme();
const side = document.querySelector(".docs-side");
for (const link of document.querySelectorAll(".docs-links a")) {
  const name = words.links[link.getAttribute("href")];
  if (name) setText(link, name);
}
document.querySelector(".docs-links").lang = language;
new Contents(side);

/** On a narrow page the list is behind a button. */
function foldSide() {
  const button = h("button", {
    type: "button", class: "docs-menu small-button", "aria-expanded": "false", "aria-controls": "docs-side", lang: language,
    onclick: () => show(!side.classList.contains("is-open"))
  }, words.contents);
  const show = isOpen => {
    side.classList.toggle("is-open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
  };
  side.id = "docs-side";
  side.before(button);
  side.addEventListener("click", event => { if (event.target.closest("a")) show(false); });
}
foldSide();

/** What an address leads to is open. */
function unfold() {
  const folded = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details");
  if (!folded || folded.open) return;
  folded.open = true;
  folded.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

/** Whose calls are tried. */
function credentialsCard() {
  const token = h("input", { id: "docs-token", type: "password", autocomplete: "off", spellcheck: "false" });
  const said = h("p", { class: "hint", role: "status" });
  const sandbox = h("button", {
    type: "button", hidden: true, onclick: async () => {
      if (!await credentials.signIn()) setText(said, words.noSandbox);
    }
  }, words.sandbox);
  const ofTab = credentials.ofTab;
  const own = ofTab && h("button", {
    type: "button", onclick: () => credentials.use(ofTab.token, { id: ofTab.id, account: ofTab.account })
  }, words.ofTab(ofTab.account));
  token.addEventListener("change", () => credentials.use(token.value.trim()));
  credentials.addEventListener("change", () => {
    if (token.value !== credentials.token) token.value = credentials.token;
    const { session, account } = credentials;
    setText(said, session ? words.using(account) : credentials.token ? words.usingKey : "");
  });
  hasSandbox().then(isThere => setHidden(sandbox, !isThere), () => {});
  return h("section", { class: "docs-credentials", "aria-labelledby": "docs-try", lang: language },
    h("h2", { id: "docs-try" }, words.tryTitle), h("p", {}, words.tryText),
    h("div", { class: "buttons" }, sandbox, own),
    h("div", { class: "field" }, h("label", { for: token.id }, words.token), token), said);
}

const calls = [...document.querySelectorAll("article.call")];
if (calls.length > 0) {
  document.querySelector("#conventions").closest("section").before(credentialsCard());
  const root = await (await fetch("/openapi.json")).json();
  // Those that are in sight or soon will be: fifty at once would keep a slow machine busy.
  const observer = new IntersectionObserver(entries => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      target.append(new CallPanel(root, target.dataset.method, target.dataset.path).element);
    }
  }, { rootMargin: "800px" });
  for (const call of calls) observer.observe(call);
}
document.body.classList.add("is-ready");
