package import ByteText

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
