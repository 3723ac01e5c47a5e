/// `privacy.changed`: what applies to people on no list is another rule.
struct PrivacyChangedEvent: EventKind {
    static let name = "privacy.changed"

    let privacy: PrivacyResource

    func writeMembers(to json: inout JSONWriter) { privacy.writeMembers(to: &json) }
}
