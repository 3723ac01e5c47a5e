/// A change of the roster by a fact from the server; a fact that changes nothing is not reported.
package enum RosterChange: Equatable, Sendable {
    case contactAdded(Contact)
    /// Lists, name or phone numbers.
    case contactUpdated(Contact)
    /// The contact as it is now: on no list, and offline.
    case contactRemoved(Contact)
    /// A contact came, went, or shows itself differently.
    case presenceChanged(Contact, previous: Presence)
    /// Somebody put us on their list and waits for an answer (docs/protocol.md#requests).
    case contactRequested(Contact)
    case privacyChanged
    case phonesChanged
}
