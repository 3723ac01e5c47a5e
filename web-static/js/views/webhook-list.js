// The webhooks of a gateway: where they go, how each fares, and what an operator can do about one.

import { Problem, Unreachable } from "../api/problem.js";
import { ask } from "../core/dialog.js";
import { h, KeyedList, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { secondsText } from "../core/text.js";
import { strings } from "../strings.js";

const words = strings.operator.webhooks;
const looks = { active: "", failing: "troubled", disabled: "unused" };

/** The same while it says the same. */
const textOf = webhook => JSON.stringify(webhook);

/** Where it leads: an admin's own webhooks come with the query, in which people put secrets. */
const placeOf = webhook => webhook.url.replace(/\?.*/, "");

export class WebhookList {
  #api;
  #known = new Map();
  #none = h("p", { class: "empty" }, words.none);
  #rows;

  /** `api` has `setWebhook` and `testWebhook`. */
  constructor(api) {
    this.#api = api;
    const list = h("ul", { class: "backends" });
    this.#rows = new KeyedList(list, webhook => this.#row(webhook), (row, webhook) => this.#fill(row, webhook));
    this.element = h("section", { class: "card", "aria-label": words.title }, h("h3", {}, words.title), this.#none, list);
  }

  show(webhooks) {
    setHidden(this.#none, webhooks.length > 0);
    const before = this.#known;
    this.#known = new Map(webhooks.map(webhook => {
      const text = textOf(webhook);
      const known = before.get(webhook.id);
      return [webhook.id, known?.text === text ? known : { text, webhook }];
    }));
    this.#rows.show([...this.#known].map(([id, { webhook }]) => [id, webhook]));
  }

  #row({ id }) {
    const test = h("button", { type: "button", class: "small-button test", onclick: () => this.#test(id) }, words.test);
    const toggle = h("button", {
      type: "button", class: "small-button toggle",
      onclick: () => this.#change(id, !this.#known.get(id)?.webhook.enabled)
    });
    return h("li", { "data-id": id }, h("strong", { class: "place" }), h("span", { class: "fares" }),
      h("span", { class: "lag" }), h("span", { class: "last" }), h("div", { class: "buttons" }, test, toggle));
  }

  #fill(row, webhook) {
    const { key, state, reason, enabled, lag, lastAttempt, nextAttemptAt } = webhook;
    const place = placeOf(webhook);
    row.className = looks[state] ?? "";
    setText(row.querySelector(".place"), place);
    const said = [words.states[state] ?? state, reason && (words.reasons[reason] ?? reason), key && words.keyOf(key)];
    setText(row.querySelector(".fares"), said.filter(Boolean).join(" · "));
    setText(row.querySelector(".lag"), lag.events > 0 ? words.behind(lag.events, lag.seconds) : words.upToDate);
    const last = lastAttempt ? words.last(secondsText(lastAttempt.time), lastAttempt.status ?? lastAttempt.outcome) : words.never;
    const next = nextAttemptAt ? strings.operator.nextAttempt(secondsText(nextAttemptAt)) : null;
    setText(row.querySelector(".last"), [last, next].filter(Boolean).join(", "));
    row.querySelector(".test").setAttribute("aria-label", words.testOf(place));
    const toggle = row.querySelector(".toggle");
    setText(toggle, enabled ? words.disable : words.enable);
    toggle.setAttribute("aria-label", enabled ? words.disableOf(place) : words.enableOf(place));
  }

  #change(id, enabled) { return this.#do(words.notChanged, () => this.#api.setWebhook(id, enabled)); }

  #test(id) {
    // It may lead elsewhere by now than when its row was made.
    const place = placeOf(this.#known.get(id).webhook);
    return this.#do(words.notTested, async () => {
      const { outcome, status, milliseconds } = await this.#api.testWebhook(id);
      await ask({ title: words.testOf(place), content: h("p", { role: "status" }, words.tested(status ?? outcome, milliseconds)) });
    });
  }

  /** What goes wrong is said. */
  async #do(title, action) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
      await ask({ title, content: h("p", {}, explain(error).text) });
    }
  }
}
