/// What can be asked of a session that is online: the command that asks it, and what answers it.
package enum SessionRequest: Equatable, Sendable {
    /// Answered when the server has echoed it. `offline` can't be set (docs/protocol.md#statuses).
    case setPresence(Presence)
    /// The own name.
    case rename(DisplayName)
    /// The parameter is one raw token.
    case service(String, parameter: String?)
    /// The name is the one that the list keeps.
    case add(Handle, to: OwnList, name: DisplayName)
    case remove(Handle, from: OwnList)
    /// The name that our lists keep for a contact.
    case renameContact(Handle, DisplayName)
    case setPrivacy(PrivacyMode)
    case setAddPrompt(AddPrompt)
    /// MSNP5 and later.
    case setPhone(PhoneEdit)
    /// A switchboard to talk on (docs/protocol.md#calling).
    case transfer
    case outreach(OutreachRequest)

    /// The name of the command that carries the request.
    package var command: String {
        switch self {
        case .setPresence: ClientCommand.CHG.name
        case .rename, .renameContact: ClientCommand.REA.name
        case .service: ClientCommand.URL.name
        case .add: ClientCommand.ADD.name
        case .remove: ClientCommand.REM.name
        case .setPrivacy: ClientCommand.BLP.name
        case .setAddPrompt: ClientCommand.GTC.name
        case .setPhone: ClientCommand.PRP.name
        case .transfer: ClientCommand.XFR.name
        case .outreach(let request): request.command
        }
    }
}

extension SessionRequest {
    /// The request as a dialect has it; nil for one that is not agreed on yet.
    func adapted(to dialect: Dialect?) -> SessionRequest {
        guard let dialect, case .outreach(let request) = self else { return self }
        return .outreach(request.adapted(to: dialect))
    }

    /// The command that carries the request.
    ///
    /// - Parameter handle: the own one, in the server's spelling.
    func command(numbered transaction: TransactionID, own handle: String) -> ClientCommand {
        switch self {
        case .setPresence(let presence): .setPresence(transaction, presence)
        case .rename(let name): .rename(transaction, ListMember(handle: handle, name: name.text))
        case .service(let service, let parameter):
            .requestService(transaction, service: service, parameter: parameter)
        case .add(let account, let list, let name):
            .add(transaction, list.name, ListMember(handle: account.spelling, name: name.text))
        case .remove(let account, let list): .remove(transaction, list.name, handle: account.spelling)
        case .renameContact(let account, let name):
            .rename(transaction, ListMember(handle: account.spelling, name: name.text))
        case .setPrivacy(let mode): .setPrivacy(transaction, mode)
        case .setAddPrompt(let prompt): .setAddPrompt(transaction, prompt)
        case .setPhone(let edit): .setPhone(transaction, key: edit.property.rawValue, edit.value)
        case .transfer: .requestTransfer(transaction, kind: "SB")
        case .outreach(let request): request.command(numbered: transaction)
        }
    }

    /// Whether the server counts the list version on for it (docs/protocol.md#list-version).
    var changesLists: Bool {
        switch self {
        case .setPresence, .service, .transfer, .outreach: false
        case .rename, .add, .remove, .renameContact, .setPrivacy, .setAddPrompt, .setPhone: true
        }
    }

    /// What a command that bears the request's number says: the fact for everybody, if there is one, and the reply; nil when it
    /// is no answer to the request.
    ///
    /// The answers to `outreach` are for `NotificationFlow+outreach`, as some come in several lines.
    ///
    /// - Parameter handle: the own one.
    func answer(in command: ServerCommand, own handle: String) -> (fact: SessionEvent?, reply: RequestReply)? {
        switch (self, command) {
        case (.setPresence, .ownPresence(_, let presence)):
            return (.ownPresence(presence, forced: false), .presence(presence))
        case (.rename(let asked), .renamed(_, _, let member)) where Handle.fold(member.handle) == Handle.fold(handle):
            // Some servers leave the name out.
            let name = DisplayText.sanitized(member.name.isEmpty ? asked.text : member.name)
            return (.ownDisplayName(name), .renamed(name))
        case (.service, .service(_, let reply)): return (nil, .service(reply))
        case (.add(let account, let list, let name), .added(_, let answered, let version, var member))
        where answered == list.name && account.matches(spelling: member.handle):
            // Some servers leave the name out.
            if member.name.isEmpty { member.name = name.text }
            return (
                .listAdded(member, answered, version: version), .edited(name: DisplayText.sanitized(member.name))
            )
        case (.remove(let account, let list), .removed(_, let answered, let version, let handle))
        where answered == list.name && (handle.isEmpty || account.matches(spelling: handle)):
            return (.listRemoved(handle: account.spelling, answered, version: version), .edited(name: nil))
        case (.renameContact(let account, let asked), .renamed(_, let version, var member))
        where account.matches(spelling: member.handle):
            if member.name.isEmpty { member.name = asked.text }
            return (.contactRenamed(member, version: version), .edited(name: DisplayText.sanitized(member.name)))
        case (.setPrivacy, .privacy(_, _, let mode)): return (.privacy(mode), .edited(name: nil))
        case (.setAddPrompt, .addPrompt(_, _, let prompt)): return (.addPrompt(prompt), .edited(name: nil))
        case (.setPhone(let edit), .ownPhone(_, _, let property, let value)) where property == edit.property:
            return (.ownPhone(property, value), .phone(property, value))
        case (.transfer, .referral(_, .switchboard(let address, let cookie))):
            return (nil, .transferred(address, cookie: cookie))
        case (.setPresence, _), (.rename, _), (.service, _), (.add, _), (.remove, _), (.renameContact, _),
            (.setPrivacy, _), (.setAddPrompt, _), (.setPhone, _), (.transfer, _), (.outreach, _):
            return nil
        }
    }
}

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

/// Names a request to a flow; the caller chooses it.
package struct RequestID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// A change of one of the account's own phone properties (docs/protocol.md#phones); nil clears a number.
package enum PhoneEdit: Equatable, Sendable {
    case home(PhoneNumber?)
    case work(PhoneNumber?)
    case mobile(PhoneNumber?)
    /// Whether contacts may page the mobile device; it can't be cleared.
    case mobileMessaging(Bool)

    /// What `PRP` calls it.
    package var property: PhoneProperty {
        switch self {
        case .home: .home
        case .work: .work
        case .mobile: .mobile
        case .mobileMessaging: .mobileMessaging
        }
    }

    /// What `PRP` says; nil to clear.
    package var value: String? {
        switch self {
        case .home(let number), .work(let number), .mobile(let number): number?.text
        case .mobileMessaging(let takesPages): takesPages ? "Y" : "N"
        }
    }
}
