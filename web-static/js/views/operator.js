// All sessions, the servers behind them, and how busy the gateway is. Takes a key with the admin scope.

import { OperatorAPI } from "../api/operator.js";
import { entry } from "../api/gateway.js";
import { parseMetrics } from "../api/prometheus.js";
import { Problem, Unreachable } from "../api/problem.js";
import { View } from "../core/context.js";
import { h, KeyedList, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { line } from "../core/icons.js";
import { Rates } from "../core/rates.js";
import { momentText, secondsText, timeText } from "../core/text.js";
import { loadOperatorKey, storeOperatorKey } from "../session/storage.js";
import { SessionTable } from "./session-table.js";
import { WebhookList } from "./webhook-list.js";
import { strings } from "../strings.js";

const words = strings.operator;
/** Milliseconds between two readings. */
const interval = 2000;
/** Readings that a chart shows: two minutes. */
const readings = 60;

export class Operator extends View {
  #watching = null;

  render() {
    const key = loadOperatorKey();
    if (key) this.#open(key);
    else this.#askKey();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#watching?.abort();
  }

  #askKey(problem) {
    this.#watching?.abort();
    const input = h("input",
      {
        id: "operator-key", type: "password", autocomplete: "off", required: true, spellcheck: "false",
        "aria-describedby": "operator-key-hint"
      });
    const without = h("button", { type: "button", hidden: true, onclick: () => this.#open(null) }, words.without);
    const withoutText = h("span", {});
    const failure = h("p", { class: "failure", role: "alert", hidden: true });
    this.replaceChildren(h("div", { class: "page operator" }, h("h2", {}, words.title),
      h("section", { class: "card" },
        h("form", {
          onsubmit: event => {
            event.preventDefault();
            this.#open(input.value.trim());
          }
        },
        failure,
        h("div", { class: "field" }, h("label", { for: "operator-key" }, words.key), input,
          h("p", { id: "operator-key-hint", class: "hint" }, words.keyText)),
        h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary-button" }, words.open), without,
          h("p", { class: "hint" }, withoutText))))));
    input.focus();
    // Once it is there: what comes with its words is not heard everywhere.
    setText(failure, problem ?? "");
    setHidden(failure, !problem);
    this.#offerWithout(without, withoutText);
  }

  /** On a machine of one's own, whose gateway is open, the rates are there without a key; sessions belong to somebody. */
  async #offerWithout(button, text) {
    try {
      const { signIn } = await entry(this.gone);
      setHidden(button, signIn !== "open");
      setText(text, signIn === "open" ? words.withoutText : "");
    } catch { /* Then with a key, once the gateway is back. */ }
  }

  #open(key) {
    this.#watching?.abort();
    this.#watching = new AbortController();
    const api = new OperatorAPI(key);
    const table = new SessionTable(id => api.end(id));
    const webhooks = new WebhookList(api);
    const updated = h("p", { class: "hint", role: "status" });
    const backends = h("ul", { class: "backends" });
    const keys = h("ul", { class: "backends" });
    const charts = h("div", { class: "charts" });
    const chartNote = h("p", { class: "empty" }, words.metricsWaiting);
    this.replaceChildren(h("div", { class: "page operator" },
      h("div", { class: "page-head" }, h("h2", {}, words.title), updated,
        h("button", {
          type: "button", class: "quiet-button",
          onclick: () => {
            storeOperatorKey(null);
            this.#askKey();
          }
        }, key ? words.forget : words.withKey)),
      key && h("section", { class: "card", "aria-label": words.backends }, h("h3", {}, words.backends), backends),
      key && h("section", { class: "card", "aria-label": words.keys }, h("h3", {}, words.keys), keys),
      key && webhooks.element,
      h("section", { class: "card", "aria-label": words.metrics }, h("h3", {}, words.metrics), chartNote, charts),
      key && table.element));
    const cards = new KeyedList(charts, () => h("figure", { class: "chart" }),
      (figure, series) => this.#chart(figure, series));
    const parts = { key, api, updated, table, backends, keys, webhooks, cards, chartNote };
    this.#watch(parts, this.#watching.signal);
  }

  async #watch(parts, signal) {
    const { key, api, updated, table, backends, keys, webhooks, cards, chartNote } = parts;
    const rates = new Rates(readings);
    let hasMetrics = true;
    let sessions = [];
    while (!signal.aborted) {
      try {
        const { backends: names, heldAgainst = [] } = await api.gateway(signal);
        if (key) sessions = await api.sessions(signal);
        storeOperatorKey(key);
        table.show(sessions);
        backends.replaceChildren(...names.map(name => {
          const all = sessions.filter(session => session.backend === name && session.state !== "ended");
          const live = all.filter(session => session.state === "online").length;
          const look = all.length === 0 ? "unused" : live < all.length ? "troubled" : null;
          const held = heldAgainst.filter(({ backend }) => backend === name);
          return h("li", { class: look }, h("strong", {}, name),
            h("span", {}, all.length === 0 ? words.unused : words.backendText(live, all.length)),
            ...held.map(({ command, cause, until }) => h("span", { class: "held" },
              words.held(command, words.causes[cause] ?? cause, until ? timeText(until) : null))));
        }));
        if (key) webhooks.show(await api.webhooks(signal));
        if (key && hasMetrics) keys.replaceChildren(...await this.#keys(api, signal));
        if (hasMetrics) {
          const series = await this.#measure(api, rates, signal);
          hasMetrics = series !== null;
          cards.show((series ?? []).map(one => [one.name, one]));
          setHidden(chartNote, (series ?? []).length > 0);
          if (!hasMetrics) setText(chartNote, key ? words.metricsRefused : words.metricsMissing);
        }
        setText(updated, words.updated(secondsText(new Date())));
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        if (error.status === 401 || error.status === 403) {
          storeOperatorKey(null);
          this.#askKey(words.refused);
          return;
        }
        setText(updated, explain(error).text);
      }
      await new Promise(resolve => {
        const timer = setTimeout(resolve, interval);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        }, { once: true });
      });
    }
  }

  /** The API keys, and when each was used last; nothing for a key that is no admin's. */
  async #keys(api, signal) {
    try {
      return (await api.keys(signal)).map(({ name, scopes, createdAt, lastUsedAt }) => h("li", {},
        h("strong", {}, name), scopes.length > 0 && h("span", {}, scopes.join(", ")),
        h("span", {}, words.keyMade(momentText(createdAt))),
        h("span", {}, lastUsedAt ? words.keyUsed(momentText(lastUsedAt)) : words.keyUnused)));
    } catch (error) {
      if (error.status === 404 || error.status === 403 || error.status === 401) return [];
      throw error;
    }
  }

  /** One more reading of the metrics; null where this caller gets none. */
  async #measure(api, rates, signal) {
    try {
      return rates.add(parseMetrics(await api.metrics(signal)), performance.now() / 1000);
    } catch (error) {
      if (error.status === 404 || error.status === 403 || error.status === 401) return null;
      throw error;
    }
  }

  #chart(figure, { name, help, unit, values, now }) {
    const value = `${now}${unit}`;
    const caption = h("figcaption", {}, h("span", { class: "chart-name", title: help || name }, name),
      h("strong", {}, value));
    const drawing = line(values, readings);
    drawing.removeAttribute("aria-hidden");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", words.chart(name, value));
    figure.replaceChildren(caption, drawing);
  }
}
