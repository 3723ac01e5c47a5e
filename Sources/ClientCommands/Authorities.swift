import Glibc

/// Whom commands trust to vouch for a gateway.
package enum Authorities {
    /// The variables of the environment that name a file, as `curl` has them; the first that is set counts.
    private static let variables = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"]

    /// The file of certificates, in PEM, of those who are trusted instead of the system's authorities; nil for these.
    ///
    /// Throws `CommandFailure` where it can't be read.
    ///
    /// - Parameters:
    ///   - named: what an option says; nil where it says nothing.
    ///   - kept: what was said at the sign-in; nil where nothing was.
    ///   - isSecure: whether the gateway is asked by TLS; otherwise nobody has to vouch for it.
    package static func file(
        _ named: String?, kept: String? = nil, isSecure: Bool, environment: [String: String]
    ) throws(CommandFailure) -> String? {
        let said = variables.compactMap { environment[$0] }.first { !$0.isEmpty }
        guard isSecure, let path = named ?? kept ?? said else { return nil }
        // Reads the path and keeps nothing.
        guard unsafe access(path, R_OK) == 0 else {
            throw .configuration("\(TerminalText.line(path)) can't be read: \(PrivateFile.reason(errno))")
        }
        return path
    }
}
