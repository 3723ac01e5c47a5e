// All sessions of a gateway as a table: sorted, filtered, and ended one by one or several at once.

import { Problem, Unreachable } from "../api/problem.js";
import { ask } from "../core/dialog.js";
import { bdi, h, KeyedList, setAttribute, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { secondsText, short, timeText } from "../core/text.js";
import { language, strings } from "../strings.js";

const words = strings.operator;
/** Sessions in the table; more are found by searching. */
const mostRows = 200;
const collator = new Intl.Collator(language, { numeric: true });

/** What can be sorted by, and what of a session that goes by. */
const sortable = {
  account: session => session.account, state: session => session.state, reason: session => session.reason ?? "",
  backend: session => session.backend, since: session => session.createdAt
};
/** What the lists beside the search choose from. */
const filters = { state: "anyState", reason: "anyReason", backend: "anyServer" };

/** The same while it says the same. */
const textOf = ({ state, reason, status, createdAt, retryAt }) => JSON.stringify([state, reason, status, createdAt, retryAt]);

export class SessionTable {
  #end;
  #sessions = [];
  #known = new Map();
  #chosen = new Set();
  #order = { by: "account", isDown: false };
  #search;
  #choices;
  #heads;
  #rows;
  #none = h("p", { class: "empty" }, words.none);
  #table;
  #endChosen;
  #all;

  /** `end(id)` ends a session. */
  constructor(end) {
    this.#end = end;
    this.#search = h("input", {
      type: "search", "aria-label": words.search, placeholder: words.search, oninput: () => this.#show()
    });
    this.#choices = Object.fromEntries(Object.entries(filters).map(([name, anyName]) => [name, h("select",
      { "aria-label": words.columns[name], onchange: () => this.#show() }, h("option", { value: "" }, words[anyName]))]));
    this.#heads = Object.keys(sortable).map(name => h("th", { scope: "col", "data-by": name }, h("button",
      { type: "button", class: "sort-button", onclick: () => this.#sort(name) }, words.columns[name])));
    this.#all = h("input", { type: "checkbox", "aria-label": words.chooseAll, onchange: () => this.#chooseAll() });
    this.#endChosen = h("button", { type: "button", class: "small-button danger-button", onclick: () => this.#endSeveral() });
    const body = h("tbody", {});
    this.#table = h("table", { class: "sessions" }, h("caption", { class: "only-heard" }, words.sessions),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, this.#all), ...this.#heads,
        h("th", { scope: "col" }, h("span", { class: "only-heard" }, words.columns.actions)))), body);
    this.#rows = new KeyedList(body, session => this.#row(session), (row, session) => this.#fill(row, session));
    this.element = h("section", { class: "card", "aria-label": words.sessions },
      h("div", { class: "live-head" }, h("h3", {}, words.sessions), this.#endChosen),
      h("div", { class: "session-tools" }, this.#search, ...Object.values(this.#choices)), this.#none,
      h("div", { class: "table-place", tabindex: "0", role: "group", "aria-label": words.sessions }, this.#table));
    this.#show();
  }

  show(sessions) {
    this.#sessions = sessions;
    this.#show();
  }

  #show() {
    for (const [name, select] of Object.entries(this.#choices)) this.#offer(select, name);
    const wanted = this.#search.value.trim().toLowerCase();
    const isWanted = session => Object.entries(this.#choices).every(([name, { value }]) => !value || session[name] === value)
      && `${session.account} ${session.state} ${session.backend} ${session.reason ?? ""}`.toLowerCase().includes(wanted);
    const { by, isDown } = this.#order;
    const compare = (one, other) => collator.compare(sortable[by](one), sortable[by](other))
      || collator.compare(one.account, other.account) || (one.id < other.id ? -1 : 1);
    const found = this.#sessions.filter(isWanted).sort(isDown ? (one, other) => compare(other, one) : compare).slice(0, mostRows);
    for (const head of this.#heads) {
      setAttribute(head, "aria-sort", head.dataset.by === by ? (isDown ? "descending" : "ascending") : null);
    }
    this.#rows.show(found.map(session => {
      const text = textOf(session);
      if (this.#known.get(session.id)?.text !== text) this.#known.set(session.id, { text, session });
      return [session.id, this.#known.get(session.id).session];
    }));
    // What is out of sight or over is ended by nobody.
    const shown = new Set(found.filter(session => session.state !== "ended").map(({ id }) => id));
    for (const id of this.#chosen) if (!shown.has(id)) this.#choose(id, false);
    this.#all.checked = shown.size > 0 && this.#chosen.size === shown.size;
    this.#all.disabled = shown.size === 0;
    setText(this.#endChosen, words.endSeveral(this.#chosen.size));
    setHidden(this.#endChosen, this.#chosen.size === 0);
    setHidden(this.#none, this.#sessions.length > 0);
    setHidden(this.#table, this.#sessions.length === 0);
  }

  /** The values that there are; the one that is chosen stays. */
  #offer(select, name) {
    const values = new Set(this.#sessions.map(session => session[name]).filter(Boolean));
    if (select.value) values.add(select.value);
    const sorted = [...values].sort(collator.compare);
    if ([...select.options].slice(1).map(({ value }) => value).join("\n") === sorted.join("\n")) return;
    const { value } = select;
    select.replaceChildren(select.options[0], ...sorted.map(text => h("option", { value: text }, text)));
    select.value = value;
  }

  #sort(by) {
    this.#order = { by, isDown: this.#order.by === by && !this.#order.isDown };
    this.#show();
  }

  #choose(id, isChosen) {
    if (isChosen) this.#chosen.add(id);
    else this.#chosen.delete(id);
    const box = this.#rows.element(id)?.querySelector("input");
    if (box) box.checked = isChosen;
  }

  #chooseAll() {
    const isChosen = this.#all.checked;
    for (const row of this.#table.tBodies[0].rows) {
      if (!row.querySelector("input").disabled) this.#choose(row.dataset.id, isChosen);
    }
    this.#show();
  }

  #row({ id, account, backend, createdAt }) {
    const box = h("input", {
      type: "checkbox", "aria-label": words.choose(short(account)),
      onchange: () => {
        this.#choose(id, box.checked);
        this.#show();
      }
    });
    const end = h("button", {
      type: "button", class: "small-button", "aria-label": words.endOf(short(account)),
      onclick: () => this.#ask(words.endTitle(short(account)), [id])
    }, words.end);
    return h("tr", { "data-id": id }, h("td", { class: "choosing" }, box), h("th", { scope: "row" }, bdi(account)),
      h("td", {}, h("span", { class: "state" })), h("td", { class: "reason" }), h("td", { class: "at-server" }, backend),
      h("td", { class: "created" }, timeText(createdAt)), h("td", { class: "ending" }, end));
  }

  #fill(row, { state, reason, retryAt }) {
    const place = row.querySelector(".state");
    place.className = `state state-${state}`;
    setText(place, state);
    const next = state === "reconnecting" && retryAt ? words.nextAttempt(secondsText(retryAt)) : "";
    setText(row.querySelector(".reason"), [reason, next].filter(Boolean).join(", "));
    setHidden(row.querySelector("button"), state === "ended");
    row.querySelector("input").disabled = state === "ended";
  }

  #endSeveral() { return this.#ask(words.endSeveralTitle(this.#chosen.size), [...this.#chosen]); }

  async #ask(title, ids) {
    if (!await ask({ title, content: h("p", {}, words.endText), submit: words.end, danger: true })) return;
    for (const id of ids) {
      try {
        await this.#end(id);
        this.#choose(id, false);
      } catch (error) {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        await ask({ title: strings.failed.end, content: h("p", {}, explain(error).text) });
        return;
      }
    }
    this.#show();
  }
}
