/// What happened, by the type of the event.
public enum EventContent: Equatable, Sendable {
    case sessionState(SessionStateChange)
    case sessionUpdated(SessionUpdate)
    case presenceInitial(InitialPresence)
    case presenceChanged(PresenceChange)
    case presenceOwn(OwnPresence)
    case contactAdded(ContactChange)
    case contactUpdated(ContactChange)
    case contactRemoved(ContactChange)
    case contactRequest(ContactRequest)
    case privacyChanged(Privacy)
    case phonesChanged(Phones)
    case conversationOpened(ConversationChange)
    case conversationClosed(ConversationChange)
    case participantJoined(ParticipantChange)
    case participantLeft(ParticipantChange)
    case messageReceived(ReceivedMessage)
    case messageSent(SentMessage)
    case messageDelivered(SentMessage)
    case messageUnconfirmed(SentMessage)
    case messageFailed(SentMessage)
    case messageIgnored(IgnoredMessage)
    case typing(Typing)
    case invitationReceived(Invitation)
    case mailStatus(MailCounts)
    case mailReceived(ReceivedMail)
    case mailChanged(MovedMail)
    case pageReceived(ReceivedPage)
    case pageFailed(FailedPage)
    case alertReceived(Alert)
    case serverNotice(ServerNotice)
    /// Of a type that a later version has brought, or without what is expected of its type: `Event.data` has all of it.
    case unknown
}

extension EventContent {
    /// The types that are known here.
    enum Kind: String, CaseIterable, Sendable {
        case sessionState = "session.state"
        case sessionUpdated = "session.updated"
        case presenceInitial = "presence.initial"
        case presenceChanged = "presence.changed"
        case presenceOwn = "presence.own"
        case contactAdded = "contact.added"
        case contactUpdated = "contact.updated"
        case contactRemoved = "contact.removed"
        case contactRequest = "contact.request"
        case privacyChanged = "privacy.changed"
        case phonesChanged = "phones.changed"
        case conversationOpened = "conversation.opened"
        case conversationClosed = "conversation.closed"
        case participantJoined = "participant.joined"
        case participantLeft = "participant.left"
        case messageReceived = "message.received"
        case messageSent = "message.sent"
        case messageDelivered = "message.delivered"
        case messageUnconfirmed = "message.unconfirmed"
        case messageFailed = "message.failed"
        case messageIgnored = "message.ignored"
        case typing
        case invitationReceived = "invitation.received"
        case mailStatus = "mail.status"
        case mailReceived = "mail.received"
        case mailChanged = "mail.changed"
        case pageReceived = "page.received"
        case pageFailed = "page.failed"
        case alertReceived = "alert.received"
        case serverNotice = "server.notice"

        /// Takes `data` apart; throws where something of it is missing.
        func content(_ data: any Decoder) throws -> EventContent {
            switch self {
            case .sessionState: .sessionState(try SessionStateChange(from: data))
            case .sessionUpdated: .sessionUpdated(try SessionUpdate(from: data))
            case .presenceInitial: .presenceInitial(try InitialPresence(from: data))
            case .presenceChanged: .presenceChanged(try PresenceChange(from: data))
            case .presenceOwn: .presenceOwn(try OwnPresence(from: data))
            case .contactAdded: .contactAdded(try ContactChange(from: data))
            case .contactUpdated: .contactUpdated(try ContactChange(from: data))
            case .contactRemoved: .contactRemoved(try ContactChange(from: data))
            case .contactRequest: .contactRequest(try ContactRequest(from: data))
            case .privacyChanged: .privacyChanged(try Privacy(from: data))
            case .phonesChanged: .phonesChanged(try Phones(from: data))
            case .conversationOpened: .conversationOpened(try ConversationChange(from: data))
            case .conversationClosed: .conversationClosed(try ConversationChange(from: data))
            case .participantJoined: .participantJoined(try ParticipantChange(from: data))
            case .participantLeft: .participantLeft(try ParticipantChange(from: data))
            case .messageReceived: .messageReceived(try ReceivedMessage(from: data))
            case .messageSent: .messageSent(try SentMessage(from: data))
            case .messageDelivered: .messageDelivered(try SentMessage(from: data))
            case .messageUnconfirmed: .messageUnconfirmed(try SentMessage(from: data))
            case .messageFailed: .messageFailed(try SentMessage(from: data))
            case .messageIgnored: .messageIgnored(try IgnoredMessage(from: data))
            case .typing: .typing(try Typing(from: data))
            case .invitationReceived: .invitationReceived(try Invitation(from: data))
            case .mailStatus: .mailStatus(try MailCounts(from: data))
            case .mailReceived: .mailReceived(try ReceivedMail(from: data))
            case .mailChanged: .mailChanged(try MovedMail(from: data))
            case .pageReceived: .pageReceived(try ReceivedPage(from: data))
            case .pageFailed: .pageFailed(try FailedPage(from: data))
            case .alertReceived: .alertReceived(try Alert(from: data))
            case .serverNotice: .serverNotice(try ServerNotice(from: data))
            }
        }
    }
}
