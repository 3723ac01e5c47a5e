package import ByteText

/// Whom to look for in the directory (docs/protocol.md#directory).
///
///     C: FND 25 fname=Another lname=User city=* state=* country=US
package struct DirectoryQuery: Equatable, Sendable {
    package let firstName: String
    package let lastName: String
    /// `*` for any.
    package let city: String
    /// `*` for any.
    package let state: String
    /// Two letters, as sent.
    package let country: String

    /// The value that matches anything.
    ///
    /// Names must not be this: servers answer 201.
    package static let anything = "*"
    /// The only country whose states and cities can be asked for; servers close on those of others.
    package static let countryWithStates = "US"
    /// UTF-8 bytes in one field: no document gives a length, and three hundred are more than any name has.
    package static let longestField = 300

    /// Accepts what servers take without closing the connection; throws what is wrong otherwise.
    ///
    /// - Parameters:
    ///   - city: nil for any, as it has to be outside the country with states.
    ///   - state: as `city`.
    package init(
        firstName: String, lastName: String, city: String? = nil, state: String? = nil, country: String
    ) throws(DirectoryQueryError) {
        for value in [firstName, lastName, country, city ?? Self.anything, state ?? Self.anything] {
            if let fault = Self.fault(of: value) { throw fault }
        }
        func isAnything(_ value: String) -> Bool { ASCII.equals(value, Self.anything) }
        guard !isAnything(firstName), !isAnything(lastName) else { throw .anyName }
        guard country.utf8.count == 2,
            country.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(ASCII.lowercased($0)) })
        else { throw .invalidCountry }
        // Two ASCII letters.
        let country = country.uppercased()
        let isAnywhere = isAnything(city ?? Self.anything) && isAnything(state ?? Self.anything)
        guard isAnywhere || ASCII.equals(country, Self.countryWithStates) else { throw .placeOutsideUS }
        self.firstName = firstName
        self.lastName = lastName
        self.city = city ?? Self.anything
        self.state = state ?? Self.anything
        self.country = country
    }

    /// What is wrong with a value of any field; nil when nothing is.
    package static func fault(of value: String) -> DirectoryQueryError? {
        guard !value.isEmpty else { return .empty }
        guard value.utf8.count <= longestField else { return .tooLong }
        return DisplayText.isFit(value) ? nil : .controlCharacter
    }

    var parameters: [String] {
        [("fname", firstName), ("lname", lastName), ("city", city), ("state", state), ("country", country)]
            .map { "\($0.0)=\(PercentEncoding.encode($0.1))" }
    }
}

/// Why a directory search can't be asked for.
package enum DirectoryQueryError: Error, Equatable, Sendable {
    case empty
    /// More than `DirectoryQuery.longestField` bytes.
    case tooLong
    case controlCharacter
    /// `*` as a name.
    case anyName
    /// Not two letters.
    case invalidCountry
    /// A city or a state outside the United States.
    case placeOutsideUS
}

/// A person whom a search has found (docs/protocol.md#directory); the handle is never told.
///
///     S: FND 25 1 2 fname=Another lname=User city=New%20York state=NY country=US
package struct DirectoryEntry: Equatable, Sendable {
    /// `fname`; nil where it is not told.
    @Bytewise package var firstName: String? = nil
    /// `lname`; nil where it is not told.
    @Bytewise package var lastName: String? = nil
    /// `city`; nil where it is not told.
    @Bytewise package var city: String? = nil
    /// `state`, of the United States; nil where it is not told.
    @Bytewise package var state: String? = nil
    /// `country`, of two letters; nil where it is not told.
    @Bytewise package var country: String? = nil

    package init(
        firstName: String? = nil, lastName: String? = nil, city: String? = nil, state: String? = nil,
        country: String? = nil
    ) {
        self.firstName = firstName
        self.lastName = lastName
        self.city = city
        self.state = state
        self.country = country
    }

    /// Reads the fields by their keys, whose case varies, and not by position.
    init(parsing parameters: [String]) {
        self.init()
        for parameter in parameters {
            let bytes = parameter.utf8
            guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = PercentEncoding.decode(String(parameter[bytes.index(after: equals)...]))
            guard !value.isEmpty else { continue }
            guard bytes[..<equals].count <= WireLimits.fieldName else { continue }
            switch FoldedText(parameter[..<equals]) {
            case "fname": firstName = firstName ?? value
            case "lname": lastName = lastName ?? value
            case "city": city = city ?? value
            case "state": state = state ?? value
            case "country": country = country ?? value
            default: continue
            }
        }
    }

    var parameters: [String] {
        [("fname", firstName), ("lname", lastName), ("city", city), ("state", state), ("country", country)]
            .compactMap { key, value in value.map { "\(key)=\(PercentEncoding.encode($0))" } }
    }
}
