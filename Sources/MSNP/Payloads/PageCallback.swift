/// The number that the receiver of a page may call.
package struct PageCallback: Equatable, Sendable {
    /// Which of the sender's numbers an answer goes to.
    package enum Place: String, CaseIterable, Sendable {
        case home = "HOME"
        case work = "WORK"
        case mobile = "MOBILE"
    }

    package let place: Place
    /// The number alone: `15551114444` and nothing else.
    package let digits: String

    /// Digits in a number: no network has more than fifteen (ITU-T E.164), and prefixes come before them.
    package static let mostDigits = 32

    /// Takes the digits of a number however it is written; nil when there are none or too many, or when it has letters.
    package init?(_ place: Place, number: String) {
        guard number.utf8.allSatisfy({ (0x30...0x39).contains($0) || " ()+-./".utf8.contains($0) }) else { return nil }
        let digits = number.filter { $0.isNumber }
        guard !digits.isEmpty, digits.count <= Self.mostDigits else { return nil }
        self.place = place
        self.digits = digits
    }
}
