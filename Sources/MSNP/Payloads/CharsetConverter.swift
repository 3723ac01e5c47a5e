import CIconv
import Glibc

/// Text of one character set as UTF-8, converted by the C library's `iconv`.
///
/// Safe although it stores a descriptor that is a pointer: only this type sees it, and it can't be copied, so that it is
/// closed once.
@safe struct CharsetConverter: ~Copyable {
    // iconv_t
    private let raw: iconv_t

    /// Nil when the C library has no conversion from that set: some systems ship those for East Asian sets apart.
    init?(from name: String) {
        guard let raw = unsafe iconv_open("UTF-8", name), unsafe gw_iconv_failed(raw) == 0 else { return nil }
        unsafe self.raw = raw
    }

    /// The text; each byte that stands for nothing, and a character that breaks off at the end, becomes U+FFFD.
    ///
    /// The work is linear in the bytes.
    func decode(_ bytes: [UInt8]) -> String {
        var input = bytes
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(max(64, bytes.count * 3), Self.chunk))
        // The library moves pointers along both buffers, which last for the closure, and never past the counts beside them.
        unsafe input.withUnsafeMutableBytes { input in
            var next = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = input.count
            var isFlushing = false
            while true {
                let (written, failure): (Int, Int32) = unsafe chunk.withUnsafeMutableBytes { room in
                    var end = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var free = room.count
                    // Without input it writes what brings a set with states back to its first one.
                    let result =
                        isFlushing
                        ? unsafe iconv(raw, nil, nil, &end, &free) : unsafe iconv(raw, &next, &left, &end, &free)
                    return (room.count - free, result == -1 ? errno : 0)
                }
                output.append(contentsOf: chunk[..<written])
                switch failure {
                case 0 where isFlushing: return
                case 0: isFlushing = true
                // The room was used up, and more follows.
                case E2BIG: continue
                // A byte that stands for nothing; the next one may.
                case EILSEQ where left > 0:
                    output.append(contentsOf: Self.replacement)
                    unsafe next = next?.advanced(by: 1)
                    left -= 1
                // A character that breaks off at the end.
                default:
                    if left > 0 { output.append(contentsOf: Self.replacement) }
                    return
                }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Bytes that are converted before they are moved on.
    private static let chunk = 16 * 1024
    private static let replacement = Array("\u{FFFD}".utf8)

    deinit { unsafe iconv_close(raw) }
}
