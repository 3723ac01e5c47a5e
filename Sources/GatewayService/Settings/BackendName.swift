/// What a backend may be called.
enum BackendName {
    /// The name of the backend that `--sandbox` adds.
    static let sandbox = "sandbox"

    /// Longer than any host label that it may have been taken from.
    static let longest = 64

    /// Lower-case letters and digits in words with single hyphens between them: what a key of the file, an environment
    /// name and a JSON value can all say, each name in one way.
    static func isValid(_ name: some StringProtocol) -> Bool {
        name.utf8.count <= longest
            && name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty
                    && word.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                        default: false
                        }
                    }
            }
    }
}
