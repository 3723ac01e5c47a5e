import ByteText
import MSNP

extension BodyReader {
    /// Whom to look for in the directory; all the members of the body.
    mutating func directoryQuery() -> DirectoryQuery? {
        let firstName = directoryField("firstName", required: true)
        let lastName = directoryField("lastName", required: true)
        let city = directoryField("city", required: false)
        let state = directoryField("state", required: false)
        let country = directoryField("country", required: true)
        guard let firstName, let lastName, let country else { return nil }
        do {
            return try DirectoryQuery(
                firstName: firstName, lastName: lastName, city: city, state: state, country: country)
        } catch {
            switch error {
            case .anyName:
                for (name, value) in [("firstName", firstName), ("lastName", lastName)] as [(MemberName, String)]
                where ASCII.equals(value, DirectoryQuery.anything) {
                    refuse(name, "has to be a name; * stands for none")
                }
            case .invalidCountry: refuse("country", "has to be a country's two letters")
            case .placeOutsideUS:
                for (name, value) in [("city", city), ("state", state)] as [(MemberName, String?)]
                where !ASCII.equals(value ?? DirectoryQuery.anything, DirectoryQuery.anything) {
                    refuse(name, "can be asked for in the country \(DirectoryQuery.countryWithStates) alone")
                }
            // Refused with each field.
            case .empty, .tooLong, .controlCharacter: break
            }
            return nil
        }
    }

    private mutating func directoryField(_ name: MemberName, required: Bool) -> String? {
        guard let text = required ? requiredString(name) : string(name) else { return nil }
        switch DirectoryQuery.fault(of: text) {
        case nil: return text
        case .tooLong?: refuse(name, "has to have at most \(DirectoryQuery.longestField) bytes")
        case .controlCharacter?: refuse(name, "can't contain control characters or line separators")
        case .empty?, .anyName?, .invalidCountry?, .placeOutsideUS?: refuse(name, "can't be empty")
        }
        return nil
    }

    /// The text of an invitation; may be left out.
    mutating func invitationText(_ name: MemberName) -> MessageText? {
        guard let text = string(name) else { return nil }
        guard text.utf8.count <= MailInvitation.longestText else {
            refuse(name, "has to have at most \(MailInvitation.longestText) bytes")
            return nil
        }
        do {
            return try MessageText(validating: text)
        } catch {
            switch error {
            case .empty: refuse(name, "can't be empty; it may be left out")
            case .tooLong: refuse(name, "has to have at most \(MailInvitation.longestText) bytes")
            case .controlCharacter: refuse(name, "can't contain control characters but tabs and line ends")
            }
            return nil
        }
    }

    /// A page: `text`, and `callback` if somebody is to be called back.
    mutating func page() -> Page? {
        let text = requiredString("text")
        let callback: PageCallback? = object("callback") { $0.callback() }
        guard let text else { return nil }
        do {
            return try Page(validating: text, callback: callback)
        } catch {
            switch error {
            case .empty: refuse("text", "can't be empty")
            case .tooLong: refuse("text", "has to have at most \(Page.longestText) characters, counted in UTF-16")
            case .controlCharacter: refuse("text", "can't contain control characters but tabs and line ends")
            }
            return nil
        }
    }

    private mutating func callback() -> PageCallback? {
        let number = requiredString("number")
        guard let place = requiredWord("place", from: Self.places) else { return nil }
        guard let number else { return nil }
        guard let callback = PageCallback(place, number: number) else {
            refuse("number", "has to be a phone number with 1 to \(PageCallback.mostDigits) digits and no letters")
            return nil
        }
        return callback
    }

    private static let places = Words(PageCallback.Place.allCases, \.word)
}

extension PageCallback.Place {
    /// The API's word for it, as for one's own phone numbers.
    fileprivate var word: String {
        switch self {
        case .home: "home"
        case .work: "work"
        case .mobile: "mobile"
        }
    }
}
