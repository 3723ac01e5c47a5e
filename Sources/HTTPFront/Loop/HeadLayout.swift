/// Whether the parts of a head that libmicrohttpd reports are all there was.
///
/// Version 0.9 cuts names and values at a NUL, drops fields without a name, and adds a folded line to the *name* of the
/// field before, so that `Transfer-Encoding:` with `chunked` on the next line is a request without a body to it and one
/// with a body to a proxy. It reports none of that. But its strings lie in the buffer as they came in, line ends replaced by
/// zeros, so that each part has to begin where the last one ended. Places are addresses; nothing is read from them.
struct HeadLayout {
    /// CRLF, or LF alone (RFC 9112, 2.2).
    private static let lineEnd: ClosedRange<UInt> = 1...2

    /// The end of the last part, without its line end.
    private var end: UInt
    private(set) var isSound: Bool

    /// From the request line: one space between its parts (RFC 9112, 3).
    init(method: Range<UInt>, target: Range<UInt>, version: Range<UInt>) {
        isSound = method.upperBound + 1 == target.lowerBound && target.upperBound + 1 == version.lowerBound
        end = version.upperBound
    }

    /// The next field.
    mutating func add(name: Range<UInt>, value: Range<UInt>) {
        // Behind the name comes its colon, and then perhaps white space.
        isSound = isSound && follows(name.lowerBound, Self.lineEnd) && value.lowerBound > name.upperBound
        end = value.upperBound
    }

    /// `place` is where the body would begin: behind the line end of the last field and an empty line.
    mutating func finish(at place: UInt) {
        isSound = isSound && follows(place, 2 * Self.lineEnd.lowerBound...2 * Self.lineEnd.upperBound)
    }

    private func follows(_ place: UInt, _ gap: ClosedRange<UInt>) -> Bool {
        place >= end && gap.contains(place - end)
    }
}
