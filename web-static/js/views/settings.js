// Privacy, phone numbers, and how this page behaves.

import { Problem, Unreachable } from "../api/problem.js";
import { announce } from "../core/announce.js";
import { messenger, View } from "../core/context.js";
import { h, setHidden } from "../core/dom.js";
import { explain } from "../core/explain.js";
import { preferences } from "../core/preferences.js";
import { play, soundNames } from "../core/sounds.js";
import { timeText } from "../core/text.js";
import { askToNotify, canNotify } from "../session/notifications.js";
import { listKeys } from "./keys.js";
import { definitions } from "./parts.js";
import { strings } from "../strings.js";

const words = strings.settings;

/** Carries out a change; what became of it is said in `place`, beside what was changed. True when it worked. */
async function saving(place, call) {
  place.replaceChildren();
  try {
    await call();
    place.className = "hint";
    place.textContent = words.saved;
    return true;
  } catch (error) {
    if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
    place.className = "field-problem";
    place.textContent = explain(error).text;
    return false;
  }
}

/** A box for something that this browser remembers. */
function preferenceBox(name, text) {
  const box = h("input", {
    type: "checkbox", checked: preferences.get(name), onchange: () => preferences.set(name, box.checked)
  });
  return h("label", { class: "check" }, box, h("span", {}, text));
}

export class Settings extends View {
  render() {
    this.replaceChildren(h("div", { class: "page" }, h("h2", {}, words.title),
      this.#privacy(), this.#phones(), this.#page(), this.#sounds(), this.#session()));
  }

  #card(title, ...children) {
    return h("section", { class: "card", "aria-label": title }, h("h3", {}, title), ...children);
  }

  #privacy() {
    const choice = value => h("label", { class: "check" },
      h("input", { type: "radio", name: "unknown", value, onchange: () => save() }), h("span", {}, words[value]));
    const radios = [choice("allow"), choice("block")];
    const prompt = h("input", { type: "checkbox", onchange: () => save(), "aria-describedby": "prompt-hint" });
    const saved = h("p", { class: "hint", role: "status" });
    const fields = h("fieldset", {}, h("legend", {}, words.unknown), ...radios);
    const save = async () => {
      const wanted = {
        unknownContacts: radios[1].firstChild.checked ? "block" : "allow", promptOnAdd: prompt.checked
      };
      if (!await saving(saved, () => messenger.actions.settingPrivacy(wanted))) show(messenger.state.privacy);
    };
    const show = privacy => {
      for (const radio of radios) radio.firstChild.checked = radio.firstChild.value === privacy.unknownContacts;
      prompt.checked = privacy.promptOnAdd;
    };
    let before = null;
    this.watch(({ privacy, phase }) => {
      for (const input of [prompt, radios[0].firstChild, radios[1].firstChild]) input.disabled = phase === "ended";
      if (!privacy || privacy === before) return;
      before = privacy;
      show(privacy);
    });
    return this.#card(words.privacy, fields,
      h("label", { class: "check" }, prompt,
        h("span", {}, words.prompt)), h("p", { id: "prompt-hint", class: "hint" }, words.promptText), saved);
  }

  #phones() {
    const inputs = Object.fromEntries(["home", "work", "mobile"].map(name =>
      [name, h("input", { id: `phone-${name}`, type: "tel", autocomplete: "off", maxlength: "95" })]));
    const messaging = h("input", { type: "checkbox" });
    const saved = h("span", { class: "hint", role: "status" });
    const submit = h("button", { type: "submit", class: "primary-button" }, strings.save);
    const form = h("form", {},
      h("p", { class: "hint" }, words.phonesText),
      h("div", { class: "field-row" }, ...Object.entries(inputs).map(([name, input]) =>
        h("div", { class: "field" }, h("label", { for: input.id }, words[name]), input))),
      h("label", { class: "check" }, messaging, h("span", {}, words.messaging)),
      h("div", { class: "buttons" }, submit, saved));
    const none = h("p", { class: "empty" }, words.noPhones);
    form.addEventListener("submit", async event => {
      event.preventDefault();
      const now = messenger.state.phones ?? {};
      const changes = {};
      for (const [name, input] of Object.entries(inputs)) {
        const number = input.value.trim();
        if (number !== (now[name] ?? "")) changes[name] = number || null;
      }
      if (messaging.checked !== (now.mobileMessaging ?? false)) changes.mobileMessaging = messaging.checked;
      await saving(saved, async () => {
        if (Object.keys(changes).length > 0) await messenger.actions.settingPhones(changes);
      });
    });
    let before;
    this.watch(({ phones, phase }) => {
      submit.disabled = phase === "ended";
      if (phones === before) return;
      before = phones;
      setHidden(form, phones === null);
      setHidden(none, phones !== null);
      for (const [name, input] of Object.entries(inputs)) input.value = phones?.[name] ?? "";
      messaging.checked = phones?.mobileMessaging ?? false;
    });
    return this.#card(words.phones, form, none);
  }

  #page() {
    const theme = h("select", { id: "theme", onchange: () => preferences.set("theme", theme.value) },
      ...Object.entries(words.themes).map(([value, text]) => h("option", { value }, text)));
    theme.value = preferences.get("theme");
    const denied = h("p", { class: "hint", role: "status" });
    const notifications = h("input", {
      type: "checkbox", checked: preferences.get("notifications") && canNotify(),
      onchange: async () => {
        const isAllowed = notifications.checked && await askToNotify();
        denied.textContent = notifications.checked && !isAllowed ? words.notificationsDenied : "";
        notifications.checked = isAllowed;
        preferences.set("notifications", isAllowed);
      }
    });
    return this.#card(words.page,
      h("div", { class: "field" }, h("label", { for: "theme" }, words.theme), theme),
      preferenceBox("emoticons", words.emoticons), preferenceBox("signIns", words.signIns), preferenceBox("newsStay", words.newsStay),
      h("label", { class: "check" }, notifications, h("span", {}, words.notifications)), denied,
      preferenceBox("keyHelp", strings.keys.help),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => listKeys() }, strings.keys.show)));
  }

  #sounds() {
    return this.#card(words.sounds, h("p", { class: "hint" }, words.soundsText), ...soundNames.map(name => {
      const box = h("input", {
        type: "checkbox", checked: preferences.get("sounds").includes(name),
        onchange: () => {
          const others = preferences.get("sounds").filter(other => other !== name);
          preferences.set("sounds", box.checked ? [...others, name] : others);
        }
      });
      const listen = h("button", {
        type: "button", class: "small-button", "aria-label": words.listenTo(words.soundNames[name]), onclick: () => play(name)
      }, words.listen);
      return h("div", { class: "buttons" }, h("label", { class: "check" }, box, h("span", {}, words.soundNames[name])), listen);
    }));
  }

  #session() {
    const place = h("div", {});
    let before = null;
    this.watch(({ session }) => {
      if (!session || session === before) return;
      before = session;
      place.replaceChildren(definitions([
        [strings.contacts.account,
          session.account], [words.backend, session.backend], [words.protocol, session.protocol ?? "–"],
        [words.state, session.state], [words.created,
          timeText(session.createdAt)], [words.id, h("code", {}, session.id)]
      ]));
    });
    return this.#card(words.session, place, this.#staying());
  }

  /** Whether this device keeps the person signed in; saying so takes the password, and is said at the sign-in. */
  #staying() {
    const text = h("p", { class: "hint" });
    const stop = h("button", {
      type: "button", onclick: async () => {
        await messenger.keepNoMore();
        announce(words.staysNot);
      }
    }, words.stayNoMore);
    const show = () => {
      const { isKept, state } = messenger;
      text.textContent = isKept ? words.stays : words.staysNot;
      setHidden(stop, !isKept || state.phase === "ended");
    };
    this.on(messenger, "session", show);
    show();
    return h("div", { class: "staying" }, text, h("div", { class: "buttons" }, stop));
  }
}
