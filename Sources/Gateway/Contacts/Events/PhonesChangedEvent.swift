/// `phones.changed`: the own numbers are others.
struct PhonesChangedEvent: EventKind {
    static let name = "phones.changed"

    let phones: PhonesResource

    func writeMembers(to json: inout JSONWriter) { phones.writeMembers(to: &json) }
}
