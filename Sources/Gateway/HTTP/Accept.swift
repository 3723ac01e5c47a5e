import ByteText

/// `Accept` (RFC 9110, 12.5.1): which of the forms that there are the caller wants.
enum Accept {
    /// The best of the media types offered; the first where the caller doesn't mind, nil where it wants none of them.
    static func best(of offered: [String], for header: String?) -> String? {
        // What most send that are no browsers is taken apart by nobody.
        guard let header, !ASCII.equals(header, "*/*"), !header.utf8.allSatisfy(FieldText.isBlank) else {
            return offered.first
        }
        // The most specific range that covers a type decides, the first among equals.
        var deciding = [Range?](repeating: nil, count: offered.count)
        for part in FieldText.parts(header, at: ",") where !part.isEmpty {
            let range = Range(part)
            for (index, type) in offered.enumerated() where range.covers(type) {
                if range.specificity > deciding[index]?.specificity ?? -1 { deciding[index] = range }
            }
        }
        var best: (type: String, quality: Double)?
        for (type, range) in zip(offered, deciding) {
            guard let quality = range?.quality, quality > best?.quality ?? 0 else { continue }
            best = (type, quality)
        }
        return best?.type
    }

    private struct Range {
        /// Bytes of a weight: `0.123` (RFC 9110, 12.4.2).
        private static let longestWeight = 5

        let type: FoldedText
        let quality: Double

        init(_ text: Substring) {
            let parts = FieldText.parts(text.utf8, at: ";")
            type = FoldedText(parts.first ?? "")
            let weight = parts.dropFirst().lazy.map(FieldText.pair).first { ASCII.equalsFolded($0.name, "q") }?.value
            quality = weight.flatMap { $0.utf8.count <= Self.longestWeight ? Double($0) : nil } ?? 1
        }

        var specificity: Int { type == "*/*" ? 0 : type.text.utf8.suffix(2).elementsEqual("/*".utf8) ? 1 : 2 }

        func covers(_ offered: String) -> Bool {
            switch specificity {
            case 0: true
            case 1: offered.utf8.starts(with: type.text.utf8.dropLast())
            default: ASCII.equals(offered, type.text)
            }
        }
    }
}
