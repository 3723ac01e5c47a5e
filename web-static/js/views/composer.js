// Where messages are written, and how they look.

import { hex, inks } from "../core/color.js";
import { messenger, View } from "../core/context.js";
import { h, setAttribute, setHidden } from "../core/dom.js";
import { fontStack } from "../core/fonts.js";
import { icon } from "../core/icons.js";
import { preferences } from "../core/preferences.js";
import { short } from "../core/text.js";
import { longestText } from "../session/outbox.js";
import { threadName } from "./chats.js";
import { pickerButton } from "./picker.js";
import { strings } from "../strings.js";

const words = strings.chats;
const fonts = ["Arial", "Comic Sans MS", "Courier New", "Georgia", "Tahoma", "Times New Roman", "Verdana"];
/** What text has that nobody has given a colour: the field shows it as the standard, and choosing it is choosing none. */
const standardColor = () => hex(getComputedStyle(document.body).color);

export class Composer extends View {
  render() {
    const { key } = this.dataset;
    const input = h("textarea", {
      rows: "2", dir: "auto", "aria-describedby": "composer-hint", "aria-keyshortcuts": "Enter", autocomplete: "off"
    });
    input.value = messenger.drafts.get(key);
    const send = h("button", { type: "submit", class: "primary-button send", "aria-label": words.send }, icon("send"),
      h("span", {}, words.send));
    const form = h("form", { class: "composer" }, this.#toolbar(input),
      h("div", { class: "composer-line" }, input, ...pickerButton(input), send),
      h("p", { id: "composer-hint", class: "only-heard" }, words.composerHint));
    this.replaceChildren(form);
    input.addEventListener("input", () => {
      messenger.drafts.set(key, input.value);
      if (input.value.trim() !== "") messenger.outbox.type(key);
    });
    input.addEventListener("keydown", event => {
      // While an input method composes, Enter is its own.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", event => {
      event.preventDefault();
      const text = input.value.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, "");
      if (text.trim() === "") return;
      if (new TextEncoder().encode(text).length > longestText) {
        input.setCustomValidity(words.tooLong);
        input.reportValidity();
        input.setCustomValidity("");
        return;
      }
      input.value = "";
      messenger.drafts.set(key, "");
      messenger.outbox.send(key, text, preferences.get("format"));
      input.focus();
    });
    this.on(messenger.drafts, "change", ({ detail }) => {
      if (detail === key) input.value = messenger.drafts.get(key);
    });
    this.watch(({ phase, session, threads, contacts }) => {
      const thread = threads.get(key);
      const isOver = phase === "ended" || !thread;
      // Whom it is for may change while it is written.
      if (thread) setAttribute(input, "aria-label", words.composer(short(threadName(thread, contacts))));
      setHidden(form, isOver);
      send.disabled = session?.status === "appearOffline";
    });
  }

  #toolbar(input) {
    const toggle = (name, mark) => h("button", {
      type: "button", class: `format-button format-${name}`, "data-format": name, "aria-label": words.format[name],
      title: words.format[name],
      onclick: () => {
        const { [name]: isOn, ...others } = preferences.get("format");
        preferences.set("format", isOn ? others : { ...others, [name]: true });
      }
    }, h("span", { "aria-hidden": "true" }, mark));
    const font = h("select", {
      "aria-label": words.format.font, class: "format-font",
      onchange: () => {
        const { font: _, ...others } = preferences.get("format");
        preferences.set("format", font.value ? { ...others, font: font.value } : others);
      }
    }, h("option", { value: "" }, words.format.standardFont), ...fonts.map(name => h("option", { value: name }, name)));
    const color = h("input", {
      type: "color", "aria-label": words.format.color, title: words.format.color, class: "format-color",
      oninput: () => {
        const { color: _, ...others } = preferences.get("format");
        preferences.set("format", color.value === standardColor() ? others : { ...others, color: color.value });
      }
    });
    const toggles = [toggle("bold", "B"), toggle("italic", "I"), toggle("underline", "U"),
      toggle("strikethrough", "S")];
    const show = () => {
      const format = preferences.get("format");
      for (const button of toggles) {
        setAttribute(button, "aria-pressed", String(format[button.dataset.format] === true));
      }
      font.value = format.font ?? "";
      color.value = format.color ?? standardColor();
      input.style.fontFamily = format.font ? fontStack(format.font) : "";
      input.style.fontWeight = format.bold ? "bold" : "";
      input.style.fontStyle = format.italic ? "italic" : "";
      input.style.textDecorationLine =
        [format.underline && "underline", format.strikethrough && "line-through"].filter(Boolean).join(" ");
      const ink = inks(format.color);
      input.style.setProperty("--ink-light", ink?.light ?? "");
      input.style.setProperty("--ink-dark", ink?.dark ?? "");
      input.classList.toggle("inked", ink !== null);
    };
    this.on(preferences, "change", show);
    // What is the standard depends on it.
    this.on(matchMedia("(prefers-color-scheme: dark)"), "change", show);
    show();
    return h("div", { class: "format-bar", role: "group", "aria-label": words.format.toolbar }, font, ...toggles,
      color);
  }
}
