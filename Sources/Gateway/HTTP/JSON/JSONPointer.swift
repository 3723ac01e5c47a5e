/// A place in a body (RFC 6901), held to a length however deep it is and however long the names are.
struct JSONPointer: Sendable, Equatable {
    /// Scalars of a name: the rest of a longer one is left out, as it names no member of the API anyway.
    static let longestName = 64
    /// Bytes of the whole: the API's own bodies are three levels deep.
    static let longest = 512
    /// Stands for the steps that had no room.
    private static let omission = "/…"

    /// Empty for the body itself.
    let text: String
    private let isCut: Bool

    static let body = JSONPointer(text: "", isCut: false)

    private init(text: String, isCut: Bool) {
        self.text = text
        self.isCut = isCut
    }

    /// The place of a member of what lies here.
    func member(_ name: MemberName) -> JSONPointer { appending(Self.escaped(name.text)) }

    /// The place of an item of what lies here.
    func item(_ index: Int) -> JSONPointer { appending(String(index)) }

    private func appending(_ step: String) -> JSONPointer {
        guard !isCut else { return self }
        guard text.utf8.count + 1 + step.utf8.count <= Self.longest - Self.omission.utf8.count else {
            return JSONPointer(text: text + Self.omission, isCut: true)
        }
        return JSONPointer(text: text + "/" + step, isCut: false)
    }

    /// RFC 6901, 3.
    private static func escaped(_ name: String) -> String {
        var step = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(longestName) {
            switch scalar {
            case "~": step.append(contentsOf: "~0".unicodeScalars)
            case "/": step.append(contentsOf: "~1".unicodeScalars)
            default: step.append(scalar)
            }
        }
        return String(step)
    }
}
