/// Where `XFR` sends a client (docs/protocol.md#referrals).
package enum Referral: Equatable, Sendable {
    /// `XFR 3 NS 10.0.0.5:1863 0`: sign in at another notification server.
    case notification(ServerAddress)
    /// `XFR 3 NS 0`: start again from `VER` on the same connection.
    case restart
    /// `XFR 20 SB 10.0.1.200:1863 CKI 17262.1013928521.3692`: a switchboard and the cookie that opens it once.
    case switchboard(ServerAddress, cookie: Redacted<String>)
}
