/// A fact about a session, in the order in which it became true.
///
/// Facts with much in them are kept apart (`indirect`), since every one, and every action that tells one, is as large as the
/// largest: 96 bytes instead of 224, and a sign-in makes some hundred of them.
package enum SessionEvent: Equatable, Sendable {
    /// The session moved on. `reconnecting` and `ended` come as `reconnecting` and `ended` instead.
    case state(SessionState)
    /// The connection is lost and another will be tried: after the delay, or at once when the server referred us to
    /// another.
    case reconnecting(SessionEnd, after: Duration?)
    /// The wait before the next attempt to come back was cut short.
    case hurried
    /// Both sides agreed on a dialect.
    case negotiated(Dialect)
    /// `USR OK`: who we are, in the server's spelling.
    case signedIn(handle: String, displayName: String, verified: Bool?)
    /// The login profile (docs/protocol.md#profile).
    indirect case profile(Profile)
    /// All lists and settings; nil when the cached ones are still right.
    case synchronized(SynchronizedLists?)
    /// Somebody is on a list; the version is absent where the server told none.
    case listAdded(ListMember, ListName, version: UInt32?)
    case listRemoved(handle: String, ListName, version: UInt32?)
    case contactRenamed(ListMember, version: UInt32?)
    case contactPhone(handle: String, PhoneProperty, String?)
    case ownPhone(PhoneProperty, String?)
    case privacy(PrivacyMode)
    case addPrompt(AddPrompt)
    /// A contact's presence that the server tells in answer to the first sign-in, one after the other (`ILN`).
    case initialPresence(Presence, handle: String, name: String)
    /// A contact's presence; it may say nothing new. The name is absent in `FLN`.
    case presence(Presence, handle: String, name: String?)
    /// Everybody online was announced, as far as waiting can show.
    case presenceSettled
    /// The own status, as the server said it; forced when nobody asked for it.
    case ownPresence(Presence, forced: Bool)
    case ownDisplayName(String)
    /// A system message (docs/protocol.md#system-messages).
    case systemMessage(SystemMessage)
    /// Of the session's conversations.
    indirect case conversation(ConversationEvent)
    /// The mailbox has changed, or what is in it was told (docs/protocol.md#mail).
    indirect case mail(MailNotification)
    /// Something that the account has subscribed to (docs/protocol.md#alerts).
    indirect case alert(NotificationDocument)
    /// From a mobile device, whose owner may be unknown (docs/protocol.md#incoming-pages).
    case page(from: String?, text: Redacted<String>)
    /// A page of ours that counted as sent.
    case pageFailed(SentPage, PageFailure)
    /// Something was received that could not be used; the name of its command.
    case ignored(command: String)
    /// Nothing comes after this.
    case ended(SessionEnd)
}
