import ByteText
import MSNP

/// The member directory (docs/protocol.md#directory): people who let themselves be found, some of them without an
/// account here.
struct Directory: Sendable {
    enum Result: Equatable, Sendable {
        case found([DirectoryEntry])
        case refused(ErrorCode)
        /// Asks for a place where only the country can be asked for, on which servers close.
        case misplaced
    }

    private static let people = [
        DirectoryEntry(firstName: "Alice", lastName: "Arden", city: "Seattle", state: "WA", country: "US"),
        DirectoryEntry(firstName: "Bob", lastName: "Bell", city: "Redmond", state: "WA", country: "US"),
        DirectoryEntry(firstName: "Carol", lastName: "Cole", city: "Portland", state: "OR", country: "US"),
        DirectoryEntry(firstName: "Dave", lastName: "Dunn", city: "Boston", state: "MA", country: "US"),
        DirectoryEntry(firstName: "Erin", lastName: "Eads", country: "IE"),
        DirectoryEntry(firstName: "Uma", lastName: "Usher", country: "GB"),
        DirectoryEntry(firstName: "Nora", lastName: "North", country: "NO"),
        DirectoryEntry(firstName: "Another", lastName: "User", city: "New York", state: "NY", country: "US"),
        DirectoryEntry(firstName: "Another", lastName: "User", city: "Stillwater", state: "OK", country: "US"),
        // Not everybody says where in the country.
        DirectoryEntry(firstName: "Another", lastName: "User", country: "CA"),
        DirectoryEntry(firstName: "Zoë", lastName: "Müller", country: "DE"),
        DirectoryEntry(firstName: "José", lastName: "García", country: "ES"),
    ]

    /// Everybody to whom all of it applies, ASCII letters without case.
    static func search(_ parameters: [String]) -> Result {
        var fields: [FoldedText: FoldedText] = [:]
        for parameter in parameters {
            let halves = parameter.utf8.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return .refused(201) }
            let value = PercentEncoding.decode(String(Substring(halves[1])))
            guard halves[0].count <= WireLimits.fieldName, value.utf8.count <= DirectoryQuery.longestField else {
                return .refused(201)
            }
            let key = FoldedText(Substring(halves[0]))
            if fields[key] == nil { fields[key] = FoldedText(value) }
        }
        let anything = FoldedText(DirectoryQuery.anything)
        guard let first = fields["fname"], let last = fields["lname"], let country = fields["country"],
            [first, last, country].allSatisfy({ !$0.text.isEmpty && $0 != anything })
        else { return .refused(201) }
        let city = fields["city"] ?? anything
        let state = fields["state"] ?? anything
        guard (city == anything && state == anything) || country == FoldedText(DirectoryQuery.countryWithStates)
        else { return .misplaced }
        return .found(
            people.filter { person in
                func isAs(_ value: String?, _ wanted: FoldedText) -> Bool {
                    wanted == anything || value.map { FoldedText($0) } == wanted
                }
                return isAs(person.firstName, first) && isAs(person.lastName, last) && isAs(person.city, city)
                    && isAs(person.state, state) && isAs(person.country, country)
            })
    }
}
