/// `Accept` (RFC 9110, 12.5.1): which of the forms that there are the caller wants.
enum Accept {
    /// The best of the media types offered; the first where the caller doesn't mind, nil where it wants none of them.
    static func best(of offered: [String], for header: String?) -> String? {
        guard let header, !header.allSatisfy({ $0 == " " }) else { return offered.first }
        let ranges = header.split(separator: ",").map(Range.init)
        var best: (type: String, quality: Double)?
        for type in offered {
            // The most specific range that covers the type decides.
            let covering = ranges.filter { $0.covers(type) }.max { $0.specificity < $1.specificity }
            guard let quality = covering?.quality, quality > 0 else { continue }
            if quality > best?.quality ?? 0 { best = (type, quality) }
        }
        return best?.type
    }

    private struct Range {
        let type: String
        let quality: Double

        init(_ text: Substring) {
            let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            type = parts.first ?? ""
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            quality = weight.flatMap { Double($0.dropFirst(2)) } ?? 1
        }

        var specificity: Int { type == "*/*" ? 0 : type.hasSuffix("/*") ? 1 : 2 }

        func covers(_ offered: String) -> Bool {
            switch specificity {
            case 0: true
            case 1: offered.hasPrefix(type.dropLast())
            default: offered == type
            }
        }
    }
}
