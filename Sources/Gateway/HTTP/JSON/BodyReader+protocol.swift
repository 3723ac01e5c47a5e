import MSNP

extension BodyReader {
    /// An account that has to be there.
    mutating func account(_ name: MemberName) -> Handle? {
        guard let text = requiredString(name) else { return nil }
        return account(name, text)
    }

    /// An account that may be left out.
    mutating func optionalAccount(_ name: MemberName) -> Handle? {
        guard let text = string(name) else { return nil }
        return account(name, text)
    }

    private mutating func account(_ name: MemberName, _ text: String) -> Handle? {
        do {
            return try Handle(validating: text)
        } catch {
            refuse(name, Self.fault(error))
            return nil
        }
    }

    /// What is wrong with an account.
    static func fault(_ error: HandleError) -> String {
        switch error {
        case .tooLong: "has to have at most \(WireLimits.handle) bytes"
        case .invalidCharacter: "has to consist of printable ASCII characters without spaces"
        case .notAnAddress: "has to look like name@domain"
        }
    }

    /// What applies to people on no list; it has to be there.
    mutating func privacy(_ name: MemberName) -> PrivacyMode? {
        requiredWord(name, from: Self.privacyModes)
    }

    private static let privacyModes = Words([("allow", PrivacyMode.allow), ("block", .block)])

    /// A phone number to set, or nil inside to clear it; nil outside when the member is left out.
    mutating func phoneNumber(_ name: MemberName) -> PhoneNumber?? {
        if clears(name) { return .some(nil) }
        guard let text = string(name) else { return nil }
        do {
            return try PhoneNumber(validating: text)
        } catch {
            switch error {
            case .empty: refuse(name, "can't be empty; null clears it")
            case .controlCharacter: refuse(name, "can't contain control characters or line separators")
            case .tooLong:
                refuse(name, "has to have at most \(WireLimits.encodedPhone) bytes once it is percent-encoded")
            }
            return nil
        }
    }

    /// A status that can be set.
    mutating func presence(_ name: MemberName, required: Bool) -> Presence? {
        required ? requiredWord(name, from: Presence.settable) : word(name, from: Presence.settable)
    }

    /// A display name.
    mutating func displayName(_ name: MemberName, required: Bool) -> DisplayName? {
        guard let text = required ? requiredString(name) : string(name) else { return nil }
        do {
            return try DisplayName(validating: text)
        } catch {
            switch error {
            case .empty: refuse(name, "can't be empty")
            case .controlCharacter: refuse(name, "can't contain control characters or line separators")
            case .tooLong:
                refuse(name, "has to have at most \(WireLimits.encodedName) bytes once it is percent-encoded")
            }
            return nil
        }
    }
}
