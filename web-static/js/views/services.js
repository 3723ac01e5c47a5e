// Mail, and the web services: where each leads, and what is sent there before anything is.

import { Problem, Unreachable } from "../api/problem.js";
import { announce } from "../core/announce.js";
import { messenger, View } from "../core/context.js";
import { ask } from "../core/dialog.js";
import { bdi, h } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { icon } from "../core/icons.js";
import { webAddress } from "../core/text.js";
import { canRelay, relay } from "../session/form-relay.js";
import { definitions, outLink } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.services;
/** Fields whose value lets somebody in. */
const secret = new Set(["creds", "auth", "passwd"]);

const nameOf = name => words.names[name] ?? name;

export class Services extends View {
  render() {
    const mail = h("div", { class: "mail-counts" });
    const list = h("ul", { class: "service-list" });
    const state = h("p", { class: "empty" }, strings.loading);
    this.replaceChildren(h("div", { class: "page" },
      h("h2", {}, words.title),
      h("section", { class: "card", "aria-label": words.mail }, h("h3", {}, icon("mail"), words.mail), mail),
      h("section", { class: "card", "aria-label": words.web }, h("h3", {}, icon("open"), words.web),
        h("p", {}, words.text), state, list)));
    let before;
    this.watch(({ mail: counts }) => {
      if (counts === before) return;
      before = counts;
      mail.replaceChildren(...(counts
        ? [h("p", { class: "mail-inbox" }, words.inbox(counts.inboxUnread ?? 0)),
          h("p", {}, words.folders(counts.foldersUnread ?? 0))]
        : [h("p", { class: "empty" }, words.noMail)]));
    });
    this.#list(list, state);
  }

  async #list(list, state) {
    try {
      const { services } = await messenger.api.services();
      list.replaceChildren(...services.map(service => this.#row(service)));
      state.textContent = services.length === 0 ? words.none : "";
      state.hidden = services.length > 0;
    } catch (error) {
      state.textContent = messenger.api ? explain(error).text : strings.problems["session-ended"];
      announce(state.textContent);
    }
  }

  #row({ name, since }) {
    const title = nameOf(name);
    const answer = h("div", { class: "service-answer", role: "status" });
    const button = h("button",
      {
        type: "button", class: "small-button", "aria-label": words.askOf(title),
        onclick: () => this.#ask(name, answer, button)
      },
      words.ask);
    return h("li", { class: "service", "data-service": name },
      h("div", { class: "service-head" },
        h("div", {}, h("h4", {}, title),
          h("p", { class: "hint" }, h("code", {}, name.toUpperCase()), ` ${words.since(since)}`)), button),
      answer);
  }

  async #ask(name, answer, button) {
    button.disabled = true;
    try {
      answer.replaceChildren(...this.#describe(name, await messenger.api.service(name)));
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      answer.replaceChildren(h("p", { class: "refusal" }, icon("warning"), explain(error).text));
    } finally {
      button.disabled = false;
      button.focus();
    }
  }

  #describe(name, { available, redirectUrl, redirectKind, loginUrl, siteId }) {
    if (!available) return [h("p", { class: "refusal" }, icon("warning"), words.placeholder)];
    const url = redirectKind === "absolute" ? webAddress(redirectUrl) : null;
    const login = webAddress(loginUrl ?? "");
    const title = nameOf(name);
    return [
      definitions([
        url && [words.host, url.host],
        [words.address, h("code", {}, bdi(redirectUrl), url ? "" : ` (${words.relative})`)],
        login && [words.login, login.host], siteId !== undefined && [words.site, String(siteId)]
      ]),
      h("div", { class: "buttons" },
        url && outLink(url.href, words.visit, { class: "button-link", "aria-label": words.visitOf(title, url.host) }),
        login && h("button",
          { type: "button", class: "small-button", "aria-label": words.openOf(title), onclick: () => this.#open(name) },
          words.open))
    ];
  }

  /** What the form holds is shown first, values left out; then its page opens, and only its button sends it. */
  async #open(name) {
    let form = null;
    if (!await messenger.actions.attempt("open", async api => { form = await api.form(name); })) return;
    const host = webAddress(form.action)?.host ?? form.action;
    const fields = Object.keys(form.fields);
    const isSure = await ask({
      title: words.warnTitle, submit: canRelay() ? words.warnSubmit(host) : undefined, wide: true,
      content: [
        h("p", {}, bdi(words.warn(host))), h("p", { class: "warning-text" }, icon("warning"), words.warnSecret),
        h("p", {}, words.warnFields(fields.length)),
        h("ul", { class: "field-names" },
          ...fields.map(field => h("li", { class: secret.has(field) ? "secret" : null }, h("code", {}, field)))),
        h("p", {}, canRelay() ? words.warnNext : words.insecure)
      ]
    });
    if (isSure) await messenger.actions.attempt("open", async api => relay(await api.formPage(name)));
  }
}
