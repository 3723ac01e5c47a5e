// Every word that the page says. Another language is another object of the same shape in `languages`.

const count = (number, one, many) => `${number.toLocaleString()} ${number === 1 ? one : many}`;

const english = {
  product: "msnp-gateway",
  tagline: "MSN Messenger, in a browser",
  skip: "Skip to the content",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  more: "More",
  loading: "One moment …",
  since: time => `since ${time}`,

  presence: {
    online: "Online", busy: "Busy", idle: "Idle", beRightBack: "Be right back", away: "Away",
    onThePhone: "On the phone", outToLunch: "Out to lunch", appearOffline: "Appear offline", offline: "Offline"
  },

  navigation: {
    label: "Parts of the page",
    contacts: "Contacts", chats: "Chats", services: "Services", settings: "Settings", developer: "Developer",
    operator: "Operator"
  },

  signIn: {
    title: "Sign in",
    account: "Account",
    accountHint: "like alice@example.com",
    password: "Password",
    backend: "Server",
    key: "API key",
    keyHint: "This gateway lets people in with a key, which its operator hands out.",
    status: "Sign in as",
    submit: "Sign in",
    submitting: "Signing in …",
    wait: seconds => `Try again in ${seconds} s`,
    unreachable: "This page can't reach its gateway. It is tried again every few seconds.",
    sandbox: "New here? Try the sandbox",
    sandboxText: "A whole MSN server inside the gateway, with people of its own. Choose one to sign in as:",
    sandboxPeople: {
      alice: "knows bob, carol and the robot, and has a request waiting", bob: "knows alice, carol and the robot",
      carol: "knows alice, bob and the robot", erin: "has no contacts yet", uma: "her address is not verified"
    },
    as: name => `Use ${name}`,
    failed: "That did not work",
    signedOut: "You have signed out.",
    operator: "Operator view",
    curl: "The API with curl",
    problems: "What can go wrong",
    figure: "Two figures side by side, one green, one blue"
  },

  refused: {
    911: "The account or the password is wrong.",
    923: "This is a child's account, and a parent has not agreed yet. A parent has to give consent with the service; nothing can be done here.",
    924: "The account's e-mail address is not verified yet. Open the link that the service sent to that address, then sign in again.",
    917: "The server does not take accounts of that domain.",
    206: "The account lacks its domain: write it like alice@example.com.",
    other: "The server does not let this account in.",
    540: "The server refused this client's answer to its challenge."
  },

  problems: {
    "invalid-request": "Something in that is not valid.",
    "unknown-backend": "The gateway has no server of that name.",
    unauthorized: "The key or token is not known to the gateway.",
    "sign-in-closed": "This gateway lets in only those who have an API key.",
    "cross-origin": "The gateway does not accept calls from this page's address.",
    "not-found": "It isn't there any more.",
    "contact-not-found": "The server knows nobody of that account.",
    "session-ended": "You are no longer signed in.",
    "contact-offline": "They are not online, so nothing can be sent to them.",
    "display-name-locked": "Your name is locked until your address is verified.",
    "display-name-refused": "The server does not accept that name. Choose another one.",
    "appearing-offline": "You can't write to anybody while you appear offline.",
    "list-full": "The server keeps no more people on that list.",
    "service-unavailable": "The server gave no usable address for it.",
    "service-unavailable-in-dialect": "This server is too old for that.",
    "login-host-not-allowed": "The sign-in page is at a host that the operator has not allowed, so no value made from your password is sent there.",
    "outcome-unknown": "It is not known whether the server has carried this out.",
    "cursor-expired": "Some events are no longer kept.",
    "rate-limited": "That was too often.",
    "not-supported-by-backend": "This server can't do that.",
    "backend-unreachable": "The server can't be reached. It may be down, or its address wrong.",
    "backend-error": "The server answered with an error.",
    "backend-protocol-error": "What answers at the server's address is no MSN server that this gateway can talk to.",
    "message-not-delivered": "The message did not arrive.",
    "backend-busy": "The server is busy. Try again in a little while.",
    reconnecting: "The server is away at the moment. The gateway is connecting again.",
    "gateway-full": "The gateway has no room for another session.",
    "shutting-down": "The gateway is going down.",
    "backend-timeout": "The server did not answer in time.",
    unreachable: "The gateway can't be reached.",
    other: status => `The gateway answered with ${status}.`,
    retry: seconds => `It makes sense to try again in ${seconds} s.`,
    msnp: code => `MSN error ${code}`,
    request: id => `Request ${id}`
  },

  reasons: {
    signedOut: "Somebody signed this session out.",
    signedInElsewhere: "The account has signed in somewhere else, and the server allows but one place.",
    serverShutdown: "the server is going down for maintenance",
    serverClosed: "the server closed the connection",
    connectionLost: "the connection was lost",
    unreachable: "the server can't be reached",
    signInRefused: "The server no longer accepts the password.",
    noCommonVersion: "The server and the gateway have no dialect in common.",
    challengeFailed: "The server refused the answer to its challenge.",
    protocolError: "The server sent what can't be followed.",
    credentialsNotKept: "The gateway no longer has the password that signing in again takes.",
    expired: "Nobody had used the session for a while.",
    gatewayShutdown: "The gateway was shut down.",
    unstable: "the server closes the connection right after each sign-in; perhaps the account is used elsewhere",
    moved: "another part of the gateway has taken the session over",
    gone: "The gateway no longer knows the session. It may have been started anew."
  },

  banner: {
    gatewayAway: time => `The gateway does not answer, since ${time}. Trying again …`,
    backendAway: (name, time) => `The server “${name}” is away, since ${time}.`,
    reason: text => `Reason: ${text}.`,
    refusedForNow: "the server refuses to sign the account in for now; it may be busy",
    retryAt: time => `Next attempt at ${time}.`,
    states: { connecting: "Connecting", signingIn: "Signing in", synchronizing: "Fetching the contacts", reconnecting: "Connecting again" },
    unverified: "Your e-mail address is not verified. Open the link that the service sent to it; until then your name is locked.",
    dismiss: "Dismiss this notice",
    back: "Everything is connected again."
  },

  ended: {
    title: "You are signed out",
    again: "Sign in again",
    other: "Use another account"
  },

  me: {
    region: "You",
    rename: "Change your name",
    renameLocked: "Your name is locked until your address is verified",
    name: "Your name",
    status: status => `Your status: ${status}`,
    mail: unread => (unread === 0 ? "No new mail" : count(unread, "unread mail", "unread mails")),
    signOut: "Sign out",
    signOutOf: account => `Sign out of ${account}`
  },

  contacts: {
    region: "Contacts",
    search: "Find a contact",
    add: "Add a contact",
    addTitle: "Add a contact",
    addHint: "The other person is asked whether you may see when they are online.",
    addSubmit: "Add",
    added: name => `${name} is in your contacts now.`,
    online: "Online",
    offline: "Not online",
    others: "Not in your contacts",
    group: (name, number) => `${name} (${number})`,
    none: "Nobody here yet. Add somebody by their account.",
    noneFound: text => `Nobody matches “${text}”.`,
    row: (name, status) => `${name}, ${status}`,
    blocked: "Blocked",
    unread: number => count(number, "unread message", "unread messages"),
    actions: name => `Actions for ${name}`,
    message: "Send a message",
    details: "Show details",
    block: "Block",
    unblock: "Unblock",
    remove: "Remove from contacts",
    addToo: "Add to contacts",
    removeTitle: name => `Remove ${name}?`,
    removeText: "They leave your list. Whether they still see you is up to blocking.",
    removeSubmit: "Remove",
    detailsTitle: name => `About ${name}`,
    account: "Account",
    status: "Status",
    lists: "Lists",
    listNames: {
      forward: "in your contacts", allow: "may see you", block: "blocked", reverse: "has you in their contacts"
    },
    phones: "Phone numbers",
    noPhones: "none told",
    signedIn: name => `${name} has just signed in.`
  },

  requests: {
    region: "Requests",
    text: "would like to see when you are online and write to you.",
    addToo: name => `Add ${name} to my contacts too`,
    accept: "Accept",
    acceptOf: name => `Accept ${name}`,
    decline: "Decline",
    declineOf: name => `Decline ${name}`,
    announced: name => `${name} has added you and waits for an answer.`,
    accepted: name => `${name} sees you now.`,
    declined: name => `${name} is blocked and does not see you.`
  },

  chats: {
    region: "Conversations",
    list: "Open conversations",
    none: "No conversation is open",
    noneText: "Choose somebody from your contacts. What others write to you comes as a tab above.",
    group: name => `${name} (group)`,
    nobody: "nobody",
    tab: (name, unread) => (unread > 0 ? `${name}, ${count(unread, "unread message", "unread messages")}` : name),
    log: name => `Conversation with ${name}`,
    says: "says:",
    youSay: "You say:",
    composer: name => `Message to ${name}`,
    composerHint: "Enter sends, Shift and Enter begin a new line.",
    send: "Send",
    invite: "Invite somebody",
    inviteTitle: "Invite somebody to this conversation",
    inviteChoose: "Who",
    inviteSubmit: "Invite",
    inviteNobody: "Nobody else of your contacts is online.",
    inviteOther: "Another account",
    leave: "Leave",
    hide: "Close",
    back: "Back to the contacts",
    earlier: "Show earlier messages",
    cut: "What was said before this is no longer kept by the gateway.",
    missed: number => (number ? `${count(number, "event was", "events were")} missed here.` : "Some events were missed here."),
    typing: names => (names.length === 1 ? `${names[0]} is typing a message.` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are typing.`),
    last: time => `Last message received at ${time}.`,
    offline: name => `${name} is not online, so messages can't be delivered now.`,
    blocked: name => `You have blocked ${name}.`,
    hidden: "You appear offline: to write to somebody, choose another status.",
    showAll: number => `Show all ${number.toLocaleString()} characters`,
    unknownContent: type => `sent something that this page can't show (${type}).`,
    joined: name => `${name} has joined the conversation.`,
    left: name => `${name} has left the conversation.`,
    closed: "The conversation has ended. Another message begins it anew.",
    invitation: (name, what) => `${name} offers ${what}. It was declined: files can't be received here.`,
    file: (name, size) => (size ? `the file “${name}” (${size})` : `the file “${name}”`),
    application: name => `“${name}”`,
    unread: (number, name) => `(${number}) ${name}`,
    tooLong: "That is longer than 64 KiB. Send it in parts.",
    retry: "Send again",
    delivery: {
      sending: "Sending …", waiting: "Waits for the gateway", pending: "Sent", delivered: "Delivered",
      unconfirmed: "Sent, but not confirmed", failed: "Not delivered"
    },
    failures: {
      contactOffline: "they are not online", notJoined: "they did not join", notDelivered: "the server could not deliver it",
      refused: "the server refused it", appearingOffline: "you appear offline", tooActive: "too many messages at once",
      notPrivate: "others came into the conversation first",
      timedOut: "nobody answered in time", notSupported: "the server can't do that", unreachable: "the server can't be reached",
      connectionLost: "the connection was lost",
      conversationClosed: "the conversation has ended", tooManyConversations: "too many conversations are open",
      queueFull: "too many messages wait already", unknownConversation: "the conversation is gone",
      notOnline: "the session is not online", signedOut: "you were signed out"
    },
    format: {
      toolbar: "How your messages look", font: "Font", standardFont: "Standard", bold: "Bold", italic: "Italic",
      underline: "Underline", strikethrough: "Strikethrough", color: "Colour", standardColor: "Standard colour"
    },
    advice: "Never give out your password or credit card number in a conversation."
  },

  services: {
    title: "Mail and services",
    mail: "Mail",
    inbox: number => `${count(number, "unread message", "unread messages")} in the inbox`,
    folders: number => `${number.toLocaleString()} in other folders`,
    noMail: "The server has said nothing about mail.",
    web: "Web services",
    text: "Pages of the messenger's world, as the server names them. Nothing is opened before you have seen where it leads.",
    names: {
      profile: "Member profile", n2paccount: "Net2Phone account", n2pfund: "Net2Phone credit", inbox: "Inbox",
      folders: "Mail folders", compose: "Write a mail", person: "Account details", message: "Mail message",
      mobile: "Set up a mobile device", chgmob: "Change the mobile device", password: "Change the password"
    },
    since: dialect => `since ${dialect}`,
    ask: "Where does it lead?",
    askOf: name => `Where does ${name} lead?`,
    host: "Host",
    address: "Address",
    relative: "a path that only the sign-in page knows to follow",
    login: "Signs in at",
    site: "Site number",
    placeholder: "The server gives no usable address for this. There is nothing to open.",
    visit: "Open without signing in",
    visitOf: (name, host) => `Open ${name} at ${host} without signing in, in a new tab`,
    open: "Open and sign in …",
    openOf: name => `Open ${name} and sign in`,
    warnTitle: "Before this is opened",
    warn: host => `You are about to go to ${host}, outside of this gateway.`,
    warnSecret: "The form that is sent there has a value made from your password (creds) and a ticket (auth). Go on only if you trust that host with your account.",
    warnFields: number => `The form has ${count(number, "field", "fields")}:`,
    warnNext: "A new tab opens with one button. Nothing is sent before you press it.",
    warnSubmit: host => `Open the sign-in page of ${host}`,
    insecure: "This page was not loaded over https or from this machine. A page with such values is not opened over a connection that others can read.",
    none: "This server's dialect has no services."
  },

  settings: {
    title: "Settings",
    privacy: "Privacy",
    unknown: "People who are on none of my lists",
    allow: "may see me and write to me",
    block: "may not see me or write to me",
    prompt: "Ask me when somebody adds me",
    promptText: "Otherwise everybody who adds you is let in.",
    phones: "My phone numbers",
    phonesText: "Your contacts see them.",
    home: "Home", work: "Work", mobile: "Mobile",
    messaging: "Contacts may send pages to my mobile",
    noPhones: "This server's dialect has no phone numbers.",
    saved: "Saved.",
    page: "This page",
    theme: "Colours",
    themes: { auto: "As the system has them", light: "Light", dark: "Dark" },
    notifications: "Desktop notifications for messages and requests",
    notificationsDenied: "Your browser does not allow this page to show notifications.",
    signIns: "Tell me when contacts sign in",
    session: "Session",
    protocol: "Dialect", backend: "Server", id: "Session", created: "Signed in", state: "State"
  },

  toasts: {
    region: "News",
    dismiss: "Dismiss",
    waiting: number => `${count(number, "more waits", "more wait")}`,
    mail: "New mail",
    from: name => `from ${name}`,
    alert: "Alert",
    page: "New page",
    pageFailed: to => `The page to ${to} could not be delivered.`,
    open: "Open",
    openAt: host => `Open at ${host}`,
    notice: minutes => (minutes ? `The server goes down for maintenance in ${count(minutes, "minute", "minutes")}.` : "The server announces maintenance."),
    message: name => `${name} writes`,
    read: "Read"
  },

  failed: {
    presence: "Your status was not changed", rename: "Your name was not changed", add: "Nobody was added",
    block: "Blocking did not work", unblock: "Unblocking did not work", remove: "Nobody was removed",
    accept: "The request was not accepted", decline: "The request was not declined", privacy: "Privacy was not changed",
    phones: "The phone numbers were not changed", leave: "Leaving did not work",
    service: "The service can't be asked for", services: "The services can't be listed", open: "It was not opened",
    send: "The message was not sent", signOut: "Signing out did not work", end: "The session was not ended"
  },

  developer: {
    title: "Developer",
    sections: "Parts of the developer view",
    live: "Live",
    catalogue: "Error catalogue",
    events: "Events",
    eventsText: "What this session's journal says, as every reader gets it.",
    trace: "Wire trace",
    traceText: "What gateway and server say to each other. Passwords, hashes, tickets and cookies are blanked.",
    traceMissing: "This gateway has no trace.",
    traceWaiting: "Nothing has been said since you opened this.",
    traceClosed: "The trace was interrupted. Trying again …",
    eventsWaiting: "Nothing has happened yet.",
    traceGap: number => `${count(number ?? 0, "command", "commands")} left out: this page was too slow for them.`,
    connections: { dispatch: "DS", notification: "NS", switchboard: "SB" },
    payload: bytes => `${count(bytes, "byte", "bytes")} of payload`,
    filter: "Only types with",
    pause: "Pause",
    paused: number => (number ? `Go on (${number} new)` : "Go on"),
    clear: "Clear",
    sent: "sent", received: "received",
    cursor: "Cursor",
    codeOf: code => `What does ${code} mean?`,
    find: "Find by number or word",
    noneFound: "No error matches.",
    number: number => count(number, "error", "errors"),
    meaning: "Meaning", advice: "What to do", since: "Since", removed: "Gone in", closes: "Closes the connection",
    class: "Class", later: "Later clients call it", disagreement: "Where sources disagree", yes: "yes", no: "no",
    unknown: code => `The catalogue has no error ${code}.`,
    classes: {
      user: "what was asked for is refused", client: "the client's own mistake", transient: "passes by itself",
      loginFatal: "ends the sign-in until the person acts", success: "what was wanted is already so"
    }
  },

  operator: {
    title: "Operator",
    key: "Admin key",
    keyText: "Made with msnp-gateway keys add NAME --admin. It stays in this tab.",
    open: "Open",
    forget: "Forget the key",
    without: "Rates without a key",
    withoutText: "The gateway listens on this machine alone, so its rates can be seen without one.",
    withKey: "Use a key",
    refused: "That key may not do this. It takes one with the admin scope.",
    sessions: "Sessions",
    none: "There are no sessions.",
    columns: { account: "Account", state: "State", reason: "Reason", backend: "Server", since: "Since", actions: "Actions" },
    end: "End",
    endOf: account => `End the session of ${account}`,
    endTitle: account => `End the session of ${account}?`,
    endText: "It is signed out at once. Its owner can sign in again.",
    backends: "Servers",
    backendText: (live, total) => `${live} of ${count(total, "session", "sessions")} online`,
    metrics: "Rates",
    metricsMissing: "This gateway shows its rates to nobody without an admin key.",
    metricsRefused: "This key is no admin key: it shows its own sessions, and no rates.",
    metricsWaiting: "The second reading makes the first rate.",
    charts: {
      sessions: "Sessions", requests: "Requests", latency: "Mean answer", polls: "Waiting polls", streams: "Streams",
      commandsIn: "Commands in", commandsOut: "Commands out", bytesIn: "Bytes in", bytesOut: "Bytes out",
      errors: "MSN errors", reconnects: "Reconnects", journal: "Bytes of events", perSecond: "/s", milliseconds: " ms"
    },
    chart: (name, value) => `${name}: ${value} now`,
    updated: time => `Updated at ${time}`,
    search: "Find a session"
  }
};

const languages = { en: english };

const wanted = navigator.languages?.map(tag => tag.split("-")[0]).find(tag => Object.hasOwn(languages, tag));

export const language = wanted ?? "en";
export const strings = languages[language];
