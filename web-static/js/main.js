// Defines the elements; the one in index.html then does the rest.

import { provide } from "./core/context.js";
import { followTheme } from "./core/theme.js";
import { Accounts } from "./session/accounts.js";
import { keepShell } from "./session/shell.js";
import { language } from "./strings.js";
import { AccountSwitch } from "./views/account-switch.js";
import { App } from "./views/app.js";
import { Banner } from "./views/banner.js";
import { CallList } from "./views/call-list.js";
import { Catalogue } from "./views/catalogue.js";
import { Chats } from "./views/chats.js";
import { Composer } from "./views/composer.js";
import { Contacts } from "./views/contacts.js";
import { Conversations } from "./views/conversations.js";
import { Developer } from "./views/developer.js";
import { Ended } from "./views/ended.js";
import { EventFeed } from "./views/event-feed.js";
import { Faults } from "./views/faults.js";
import { History } from "./views/history.js";
import { Keys } from "./views/keys.js";
import { Me } from "./views/me.js";
import { Navigation } from "./views/navigation.js";
import { News } from "./views/news.js";
import { Operator } from "./views/operator.js";
import { Requests } from "./views/requests.js";
import { Services } from "./views/services.js";
import { Settings } from "./views/settings.js";
import { Shell } from "./views/shell.js";
import { SignIn } from "./views/sign-in.js";
import { Thread } from "./views/thread.js";
import { Toasts } from "./views/toasts.js";
import { Transcript } from "./views/transcript.js";
import { WireTrace } from "./views/wire-trace.js";

followTheme();
document.documentElement.lang = language;
provide(new Accounts());

const elements = {
  "msn-account-switch": AccountSwitch,
  "msn-banner": Banner, "msn-call-list": CallList, "msn-catalogue": Catalogue, "msn-chats": Chats, "msn-composer": Composer,
  "msn-contacts": Contacts, "msn-conversations": Conversations, "msn-developer": Developer, "msn-ended": Ended,
  "msn-event-feed": EventFeed, "msn-faults": Faults, "msn-history": History, "msn-keys": Keys, "msn-me": Me,
  "msn-navigation": Navigation, "msn-news": News, "msn-operator": Operator, "msn-requests": Requests, "msn-services": Services,
  "msn-settings": Settings, "msn-shell": Shell, "msn-sign-in": SignIn, "msn-thread": Thread, "msn-toasts": Toasts,
  "msn-transcript": Transcript, "msn-wire-trace": WireTrace,
  // Last: it begins to use the others.
  "msn-app": App
};
for (const [name, element] of Object.entries(elements)) customElements.define(name, element);

// When all is there that has to be kept; it may be before the words are.
if (document.readyState === "complete") keepShell();
else window.addEventListener("load", keepShell);
