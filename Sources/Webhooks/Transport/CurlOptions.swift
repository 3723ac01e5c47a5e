/// How webhooks are sent.
package struct CurlOptions: Sendable {
    /// From the first look at a name to the end of the answer.
    package var timeout: Duration = .seconds(15)
    /// Bytes of an answer, head and body, that are read; what follows is not waited for.
    package var longestAnswer = 64 * 1024
    /// Attempts at one time, each with a connection; more wait for one of them to end.
    package var mostAttempts = 1_024
    /// Connections that are kept for the next request to the same host; the one used least recently makes room.
    package var mostIdle = 256
    /// How long a name's addresses are used without looking it up again.
    package var namesKept: Duration = .seconds(30)
    /// A proxy that requests go through, `http://10.0.0.1:3128`; nil for none, whatever the environment says.
    ///
    /// It looks names up and decides where it connects to: addresses are then checked only where URLs have them.
    package var proxy: String?
    /// Certificates, in PEM, of those who are trusted besides the system's authorities; empty for none.
    package var authorities: [UInt8] = []
    /// A directory of the system's authorities, in files that are named after hashes; nil for libcurl's own.
    package var systemAuthorities: String?
    /// What `user-agent` says.
    package var userAgent = "msnp-gateway"

    package init() {}
}
