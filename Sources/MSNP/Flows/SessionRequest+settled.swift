extension SessionRequest {
    /// The fact and the reply if an error says that what is asked for is in force already; nil for a refusal
    /// (docs/protocol.md#errors, class S).
    ///
    /// Some servers answer `REM` with 205 for people who are on none of the lists (docs/protocol.md#escargot).
    func settled(by code: ErrorCode) -> (fact: SessionEvent, reply: RequestReply)? {
        switch (self, code) {
        case (.add(let handle, let list, _), 215):
            // The server does not say under which name.
            (.listAdded(ListMember(handle: handle.spelling, name: ""), list.name, version: nil), .edited(name: nil))
        case (.remove(let handle, let list), 216), (.remove(let handle, let list), 205):
            (.listRemoved(handle: handle.spelling, list.name, version: nil), .edited(name: nil))
        case (.setPresence(let presence), 218): (.ownPresence(presence, forced: false), .presence(presence))
        case (.setPrivacy(let mode), 218): (.privacy(mode), .edited(name: nil))
        case (.setAddPrompt(let prompt), 218): (.addPrompt(prompt), .edited(name: nil))
        default: nil
        }
    }
}
