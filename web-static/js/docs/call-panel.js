// Beside each call of the reference: the same call for a shell, for Python and for Node, and a way to try it.

import { copy } from "../core/clipboard.js";
import { h, setHidden, setText } from "../core/dom.js";
import { language, strings } from "../strings.js";
import { credentials } from "./credentials.js";
import { callOf, headersOf, targetOf } from "./description.js";
import { languages } from "./samples.js";

const words = strings.docs;
/** Characters of an answer that are shown; a stream goes on for as long as somebody likes. */
const mostShown = 100_000;

/** The language that somebody has chosen holds for all calls. */
const choice = new EventTarget();
let chosen = Object.keys(languages)[0];

let count = 0;

export class CallPanel {
  #path;
  #method;
  #call;
  #fields = new Map();
  #body = null;
  #running = null;
  #parts = {};

  constructor(root, method, path) {
    this.#method = method;
    this.#path = path;
    this.#call = callOf(root, method, path);
    count += 1;
    const code = h("code", {});
    const samples = h("pre", { class: "sample", tabindex: "0", role: "group" }, code);
    const tabs = Object.keys(languages).map(name => h("button", {
      type: "button", class: "sample-tab", "data-name": name, onclick: () => {
        chosen = name;
        choice.dispatchEvent(new Event("change"));
      }
    }, name));
    const copied = h("span", { class: "hint", role: "status" });
    const copier = h("button", {
      type: "button", class: "small-button", onclick: async () => setText(copied, await copy(code.textContent) ? words.copied : words.notCopied)
    }, words.copy);
    const opener = h("button", {
      type: "button", class: "small-button", "aria-expanded": "false", onclick: () => this.#open()
    }, words.tryIt);
    const form = h("form", { class: "try-form", id: `try-${count}`, hidden: true, onsubmit: event => this.#send(event) });
    opener.setAttribute("aria-controls", form.id);
    this.#parts = { code, samples, tabs, opener, form };
    this.element = h("aside", { class: "call-code", "aria-label": words.codeOf(`${method.toUpperCase()} ${path}`), lang: language },
      h("div", { class: "sample-tabs", role: "group", "aria-label": words.languages }, ...tabs), samples,
      h("div", { class: "buttons" }, copier, opener, copied), form);
    choice.addEventListener("change", () => this.#show());
    credentials.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** What has been filled in; the session is the one of the token unless another is said. */
  get #values() {
    const values = { sid: credentials.session };
    for (const { name, isRequired, example } of this.#call.parameters) {
      const field = this.#fields.get(name);
      const standard = isRequired && name !== "sid" ? String(example ?? "") : values[name] ?? "";
      values[name] = field ? field.value.trim() || (name === "sid" ? credentials.session : "") : standard;
    }
    return values;
  }

  /** The body as a value, undefined where there is none; throws SyntaxError. */
  get #bodyValue() {
    if (this.#body) return this.#body.value.trim() === "" ? undefined : JSON.parse(this.#body.value);
    return this.#call.bodies[0]?.value;
  }

  get #asked() {
    const values = this.#values;
    const { parameters, answer, hasToken } = this.#call;
    return {
      method: this.#method.toUpperCase(), target: targetOf(this.#path, parameters, values),
      headers: headersOf(parameters, values), body: this.#bodyValue, answer,
      // A sign-in takes a key where there is one, and never a session's token.
      hasToken: hasToken && (!this.#call.isOpenToo || credentials.token.startsWith("mgk_"))
    };
  }

  #show() {
    const { code, samples, tabs } = this.#parts;
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.name === chosen));
    samples.setAttribute("aria-label", words.sampleIn(chosen));
    try {
      const asked = this.#asked;
      setText(code, languages[chosen]({ ...asked, address: location.origin + asked.target }));
    } catch (error) {
      // Half a body is none yet.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  #open() {
    const { opener, form } = this.#parts;
    if (!form.firstChild) this.#fill(form);
    const isOpen = form.hidden;
    setHidden(form, !isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) form.querySelector("input, textarea, select, button")?.focus();
  }

  #fill(form) {
    const field = ({ name, place, isRequired, example, choices }) => {
      const id = `${form.id}-${name}`;
      const standard = name === "sid" ? credentials.session : isRequired ? String(example ?? "") : "";
      const input = choices
        ? h("select", { id }, ...(isRequired ? [] : [h("option", { value: "" }, "–")]),
          ...choices.map(value => h("option", { value, selected: value === standard }, value)))
        : h("input", { id, value: standard, autocomplete: "off", spellcheck: "false", placeholder: example === undefined ? null : String(example) });
      input.addEventListener("input", () => this.#show());
      this.#fields.set(name, input);
      if (name === "sid") credentials.addEventListener("change", () => { input.value = credentials.session; });
      return h("div", { class: "field" }, h("label", { for: id }, h("code", {}, name), ` ${words.places[place]}`), input);
    };
    const { parameters, bodies } = this.#call;
    const parts = parameters.map(field);
    if (bodies.length > 0) {
      this.#body = h("textarea", { id: `${form.id}-body`, rows: "6", spellcheck: "false", class: "try-body" });
      const put = value => {
        this.#body.value = JSON.stringify(value, null, 2);
        this.#show();
      };
      put(bodies[0].value);
      this.#body.addEventListener("input", () => this.#show());
      parts.push(h("div", { class: "field" }, h("label", { for: this.#body.id }, words.body), this.#body,
        bodies.length > 1 && h("div", { class: "buttons" }, ...bodies.map(({ name, value }) =>
          h("button", { type: "button", class: "small-button", onclick: () => put(value) }, name)))));
    }
    const status = h("p", { role: "status", class: "try-status" });
    const output = h("pre", { class: "try-output", tabindex: "0", role: "group", "aria-label": words.answer, hidden: true });
    const send = h("button", { type: "submit", class: "primary-button small-button" }, words.send);
    const stop = h("button", { type: "button", class: "small-button", hidden: true, onclick: () => this.#running?.abort() }, words.stop);
    Object.assign(this.#parts, { status, output, send, stop });
    form.append(...parts, h("div", { class: "buttons" }, send, stop), status, output);
  }

  async #send(event) {
    event.preventDefault();
    const { status, output, send, stop } = this.#parts;
    let asked;
    try {
      asked = this.#asked;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      setText(status, words.noJSON);
      return;
    }
    const { method, target, headers, body, hasToken } = asked;
    if (hasToken && !credentials.token) {
      setText(status, words.noToken);
      return;
    }
    const running = new AbortController();
    this.#running = running;
    send.disabled = true;
    setHidden(stop, false);
    setHidden(output, true);
    output.textContent = "";
    setText(status, words.asking);
    try {
      const response = await fetch(target, {
        method, cache: "no-store", credentials: "omit", signal: running.signal,
        headers: {
          ...headers, ...(hasToken ? { Authorization: `Bearer ${credentials.token}` } : {}),
          ...(body === undefined ? {} : { "Content-Type": "application/json" })
        },
        body: body === undefined ? undefined : JSON.stringify(body)
      });
      setText(status, words.answered(response.status, response.headers.get("X-Request-Id") ?? ""));
      await this.#read(response, output);
    } catch (error) {
      if (!running.signal.aborted) setText(status, words.noAnswer);
    } finally {
      if (this.#running === running) this.#running = null;
      send.disabled = false;
      setHidden(stop, true);
    }
  }

  /** Shows an answer as it comes; JSON is laid out once it is whole. */
  async #read(response, output) {
    const isJSON = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
    let text = "";
    const show = shown => {
      output.textContent = shown;
      setHidden(output, shown === "");
    };
    if (response.body) {
      for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        text = (text + value).slice(-mostShown);
        show(text);
      }
    }
    // A token is told once, and goes to nobody who looks over a shoulder.
    if (isJSON && text) show(JSON.stringify(JSON.parse(text), (name, value) => (name === "token" ? `${value.slice(0, 8)}…` : value), 2));
  }
}
