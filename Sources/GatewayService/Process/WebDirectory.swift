import FoundationEssentials

/// Finds the static pages that the gateway serves where nobody said which.
package enum WebDirectory {
    /// The first of these that holds an `index.html`; nil when none does.
    ///
    /// Beside the executable's share folder (`PREFIX/bin` and `PREFIX/share/msnp-gateway/web`), then in the checkout that
    /// the process runs in, then in the one that the executable was built in.
    package static func find(executable: String?, currentDirectory: String) -> String? {
        candidates(executable: executable, currentDirectory: currentDirectory)
            .first { FileManager.default.fileExists(atPath: $0 + "/index.html") }
    }

    static func candidates(executable: String?, currentDirectory: String) -> [String] {
        var directory = executable.map(parent)
        var candidates: [String] = []
        if let executable { candidates.append(sharePath(ofExecutable: executable) + "/web") }
        candidates.append(currentDirectory + "/web-static")
        while let current = directory {
            candidates.append(current + "/web-static")
            directory = current.isEmpty ? nil : parent(current)
        }
        return candidates
    }

    /// Where an installed program has what belongs to it: `PREFIX/share/msnp-gateway` for `PREFIX/bin/msnp-gateway`.
    static func sharePath(ofExecutable executable: String) -> String {
        parent(parent(executable)) + "/share/msnp-gateway"
    }

    /// The path without its last component; empty for the root, so that a component can be appended to it.
    private static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// The file that this process runs, with links followed: `argv[0]` may be anything.
    package static var executable: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}
