import CFuzzer
import Glibc

/// `fuzz TARGET [options of libFuzzer] [folders of the corpus]`; `scripts/fuzz.sh` builds and runs it.
@main enum Fuzz {
    /// The target that was asked for.
    ///
    /// Set once, before the loop, which is of one thread.
    nonisolated(unsafe) private static var target = FuzzTarget.frames

    static func main() {
        guard CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
            print("usage: fuzz TARGET [options] [corpus]; targets: \(names)")
            exit(2)
        }
        unsafe Self.target = target
        // Without the target's name. The library changes what it is given and keeps it until the process ends.
        var words = ([CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)).map { strdup($0) } + [nil]
        var count = CInt(words.count - 1)
        let status = words.withUnsafeMutableBufferPointer { buffer in
            var base = buffer.baseAddress
            return LLVMFuzzerRunDriver(&count, &base) { bytes, size in
                let input = Array(UnsafeBufferPointer(start: bytes, count: size))
                do {
                    try unsafe Fuzz.target.run(input)
                } catch {
                    fatalError("\(error)")
                }
                return 0
            }
        }
        exit(status)
    }
}
