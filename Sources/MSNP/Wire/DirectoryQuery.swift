import ByteText

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
