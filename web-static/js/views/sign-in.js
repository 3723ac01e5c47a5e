// Signing in, and why it did not work.

import { entry } from "../api/gateway.js";
import { Problem, Unreachable } from "../api/problem.js";
import { alert, announce } from "../core/announce.js";
import { codeLink } from "../core/code-link.js";
import { accounts, messenger, View } from "../core/context.js";
import { h, setHidden, setText } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { showWaiting } from "../core/favicon.js";
import { figure, icon, sign } from "../core/icons.js";
import { Pause } from "../core/pause.js";
import { short } from "../core/text.js";
import { strings } from "../strings.js";

const words = strings.signIn;
/** Milliseconds until the gateway is asked again who may sign in. */
const retryPause = 3000;
/** What a person chooses from before there is a session; all but what nobody would begin with. */
const statuses = ["online", "busy", "away", "appearOffline"];

export class SignIn extends View {
  #attempt = null;
  #countdown = null;
  #fields = {};
  /** Ends the pause between two attempts to reach the gateway. */
  #pause = new Pause();

  render() {
    const entitle = () => {
      const { waiting } = accounts;
      document.title = waiting > 0 ? strings.chats.unread(waiting, strings.product) : strings.product;
      showWaiting(waiting);
    };
    this.on(accounts, "change", entitle);
    entitle();
    const account = h("input", {
      id: "account", name: "account", type: "email", autocomplete: "username", required: true, spellcheck: "false",
      autocapitalize: "none", "aria-describedby": "account-hint", maxlength: "129"
    });
    const password = h("input",
      { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
    const backend = h("select", { id: "backend", name: "backend" });
    const key = h("input",
      { id: "key", type: "password", autocomplete: "off", spellcheck: "false", "aria-describedby": "key-hint" });
    const status = h("select", { id: "status" },
      ...statuses.map(name => h("option", { value: name }, strings.presence[name])));
    const keep = h("input", { type: "checkbox", checked: messenger.isKept, "aria-describedby": "keep-hint" });
    const submit = h("button", { type: "submit", class: "primary-button big" }, words.submit);
    const cancel = h("button", { type: "button", class: "big", onclick: () => this.#attempt?.abort() }, strings.cancel);
    const failure = h("div", { role: "alert" });
    const farewell = h("p", { class: "farewell", hidden: true });
    const keyField = h("div", { class: "field" }, h("label", { for: "key" }, words.key), key,
      h("p", { id: "key-hint", class: "hint" }, words.keyHint));
    const backendField = h("div", { class: "field" }, h("label", { for: "backend" }, words.backend), backend);
    const people = h("section", { class: "sandbox-people", "aria-labelledby": "sandbox-title" });
    const awayText = h("p", {});
    const away = h("div", { class: "failure" }, awayText, h("button",
      { type: "button", class: "small-button", onclick: () => this.#pause.hurry() }, strings.tryNow));
    this.#fields = {
      account, password, backend, key, status, submit, cancel, failure, farewell, keyField, backendField, people, away,
      awayText, keep
    };
    for (const hidden of [cancel, keyField, backendField, people, away]) setHidden(hidden, true);
    const form = h("form", { class: "sign-in-form", onsubmit: event => this.#submit(event) },
      failure,
      h("div", { class: "field" }, h("label", { for: "account" }, words.account), account,
        h("p", { id: "account-hint", class: "hint" }, words.accountHint)),
      h("div", { class: "field" }, h("label", { for: "password" }, words.password), password),
      backendField, keyField,
      h("div", { class: "field" }, h("label", { for: "status" }, words.status), status),
      h("div", { class: "field" }, h("label", { class: "check" }, keep, h("span", {}, words.keep)),
        h("p", { id: "keep-hint", class: "hint" }, words.keepHint)),
      h("div", { class: "buttons" }, submit, cancel, this.#back()));
    this.replaceChildren(h("main", { class: "sign-in" },
      h("div", { class: "sign-in-window" },
        h("header", { class: "sign-in-head" }, sign(),
          h("div", {}, h("h1", {}, strings.product), h("p", {}, strings.tagline))),
        h("div", { class: "sign-in-body" }, h("h2", {}, words.title), farewell, away, form),
        people,
        h("footer", { class: "sign-in-foot" },
          h("a", { href: "#/operator" }, words.operator), h("a", { href: "/docs" }, words.reference), h("a", { href: "/curl.html" }, words.curl),
          h("a", { href: "/docs/problems" }, words.problems)))));
    this.on(backend, "change", () => this.#showPeople());
    this.on(messenger, "session", () => this.#sayFarewell());
    this.#sayFarewell();
    this.#introduce();
    account.value = messenger.lastAccount;
    (account.value ? password : account).focus();
  }

  /** To an account that is signed in beside this one, if there is any. */
  #back() {
    const other = accounts.all.findLast(account => account !== messenger && account.state.session);
    if (!other) return null;
    const { displayName } = other.state.session;
    return h("button", {
      type: "button", class: "big",
      onclick: () => {
        const left = messenger;
        accounts.show(other);
        accounts.drop(left);
      }
    }, words.backTo(short(displayName)));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#attempt?.abort();
    clearInterval(this.#countdown);
  }

  /** Whoever has signed out hears that it worked, or what did not. */
  #sayFarewell() {
    const { farewell } = this.#fields;
    const said = messenger.farewell;
    if (!said) return;
    const text = said.error ? `${strings.failed[said.what]}: ${explain(said.error).text}` : words.signedOut;
    if (farewell.textContent === text) return;
    farewell.className = said.error ? "farewell failure" : "farewell";
    setText(farewell, text);
    setHidden(farewell, false);
    // Whoever has been elsewhere and is back has heard it.
    if (!said.isSaid) (said.error ? alert : announce)(text);
    said.isSaid = true;
  }

  async #introduce() {
    const { backend, backendField, keyField, key, away, awayText } = this.#fields;
    const signal = this.gone;
    for (;;) {
      try {
        const gateway = await entry(signal);
        setHidden(away, true);
        backend.replaceChildren(...gateway.backends.map(name =>
          h("option", { value: name, selected: name === gateway.defaultBackend }, name)));
        setHidden(backendField, gateway.backends.length < 2);
        const needsKey = gateway.signIn === "key";
        setHidden(keyField, !needsKey);
        key.required = needsKey;
        this.#showPeople();
        return;
      } catch (error) {
        if (signal.aborted) return;
        const text = error instanceof Unreachable ? words.unreachable : explain(error).text;
        if (away.hidden || awayText.textContent !== text) announce(text);
        setText(awayText, text);
        setHidden(away, false);
        await this.#pause.last(retryPause);
        if (signal.aborted) return;
      }
    }
  }

  /** The sandbox's people, for whom no password has to be known. */
  #showPeople() {
    const { people, backend, account, password, submit } = this.#fields;
    const isSandbox = backend.value === "sandbox";
    setHidden(people, !isSandbox);
    if (!isSandbox || people.childElementCount > 0) return;
    people.append(
      h("h2", { id: "sandbox-title" }, words.sandbox), h("p", {}, words.sandboxText),
      h("ul", {}, ...Object.entries(words.sandboxPeople).map(([name, note]) =>
        h("li", {}, h("button", {
          type: "button", class: "person-button", "aria-label": `${words.as(name)}: ${note}`,
          onclick: () => {
            account.value = `${name}@example.com`;
            password.value = "sandbox";
            submit.focus();
          }
        }, figure("online"), h("span", { class: "person-name" }, name), h("span", { class: "person-note" }, note))))));
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#attempt) return;
    const { account, password, backend, key, keep, keyField, status, submit, cancel, failure, farewell } = this.#fields;
    const request = {
      account: account.value.trim(), password: password.value, status: status.value, keep: keep.checked,
      ...(backend.value ? { backend: backend.value } : {}), ...(keyField.hidden ? {} : { key: key.value.trim() })
    };
    this.#attempt = new AbortController();
    failure.replaceChildren();
    setHidden(farewell, true);
    setHidden(cancel, false);
    submit.disabled = true;
    setText(submit, words.submitting);
    try {
      await messenger.signIn(request, this.#attempt.signal);
    } catch (error) {
      if (error instanceof Problem || error instanceof Unreachable) this.#fail(error);
      else if (!this.#attempt?.signal.aborted) throw error;
    } finally {
      this.#attempt = null;
      setHidden(cancel, true);
      if (!this.#countdown) {
        submit.disabled = false;
        setText(submit, words.submit);
      }
    }
  }

  #fail(error) {
    const { failure, account, password, keep } = this.#fields;
    const { text, msnp } = explain(error);
    const isNotKept = error.errors?.some(({ pointer }) => pointer === "/keep") ?? false;
    if (isNotKept) keep.checked = false;
    // Here it is the API key that is not known; there is no session yet that could be over.
    const said = error.code === "unauthorized" ? words.keyUnknown : isNotKept ? words.keepRefused : text;
    failure.replaceChildren(h("div", { class: "failure" }, icon("warning"),
      h("div", {}, h("strong", {}, words.failed), h("p", {}, said), ...(msnp ? [codeLink(msnp)] : []))));
    if (error.status === 429 && error.retryAfter) this.#wait(error.retryAfter);
    if (msnp === 911) {
      password.value = "";
      password.focus();
    } else if (document.activeElement === document.body || document.activeElement.disabled) {
      // What did not work is heard by itself; the focus stays in the form.
      account.focus();
    }
  }

  /** Counts down to when it makes sense to try again. */
  #wait(seconds) {
    const { submit } = this.#fields;
    const until = Date.now() + seconds * 1000;
    const show = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      submit.disabled = left > 0;
      setText(submit, left > 0 ? words.wait(left) : words.submit);
      if (left > 0) return;
      clearInterval(this.#countdown);
      this.#countdown = null;
      announce(words.submit);
    };
    clearInterval(this.#countdown);
    this.#countdown = setInterval(show, 500);
    show();
  }
}
