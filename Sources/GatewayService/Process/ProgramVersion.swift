import Curl
import Digests
import Gateway
import HTTPFront
import SQLiteStorage
import YAML

/// Which program this is, and which libraries it has found: what belongs into a report of a fault.
package enum ProgramVersion {
    /// Bytes of the file with the commit: the name of one, and a word.
    private static let longestCommit = 64

    /// Two lines: version and commit, where that is known, and the libraries.
    ///
    /// - Parameter executable: the program's own file, which the commit is looked for beside.
    package static func text(executable: String?) -> String {
        let commit = executable.flatMap(commit).map { " (\($0))" } ?? ""
        let libraries = [
            ("Swift", swift), ("libmicrohttpd", HTTPServer.libraryVersion), ("libcrypto", LibCrypto.version),
            ("SQLite", SQLiteStore.libraryVersion), ("libyaml", LibYAML.version),
            ("libcurl", CurlLibrary.version ?? "missing"),
        ]
        return "msnp-gateway \(GatewayConfiguration.currentVersion)\(commit)\n"
            + libraries.map { "\($0) \($1)" }.joined(separator: ", ")
    }

    /// What `make install` has written: a file of its own, so that no build differs from another by its commit, and no commit
    /// builds anything anew.
    static func commit(of executable: String) -> String? {
        let path = WebDirectory.sharePath(ofExecutable: executable) + "/commit"
        guard let bytes = try? FileReader.read(path, upTo: longestCommit) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline }
        return text.wholeMatch(of: /[0-9a-f]{7,40}(-modified)?/) == nil ? nil : String(text)
    }

    /// Of the standard library, which in a package is part of the program; it knows no patch of its own.
    private static var swift: String {
        "\(_SwiftStdlibVersion.current)".split(separator: ".").prefix(2).joined(separator: ".")
    }
}
