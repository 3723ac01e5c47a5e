import MSNP

extension BodyReader {
    /// An account that has to be there.
    mutating func account(_ name: String) -> Handle? {
        guard let text = requiredString(name) else { return nil }
        do {
            return try Handle(validating: text)
        } catch {
            switch error {
            case .tooLong: refuse(name, "has to have at most \(WireLimits.handle) bytes")
            case .invalidCharacter: refuse(name, "has to consist of printable ASCII characters without spaces")
            case .notAnAddress: refuse(name, "has to look like name@domain")
            }
            return nil
        }
    }

    /// A status that can be set.
    mutating func presence(_ name: String, required: Bool) -> Presence? {
        guard let text = required ? requiredString(name) : string(name) else { return nil }
        guard let presence = Presence(named: text), presence != .offline else {
            refuse(name, "has to be one of: " + Presence.settableNames.joined(separator: ", "))
            return nil
        }
        return presence
    }

    /// A display name.
    mutating func displayName(_ name: String, required: Bool) -> DisplayName? {
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
