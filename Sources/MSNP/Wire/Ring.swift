/// A call to a switchboard on which somebody waits for us (docs/protocol.md#being-called).
///
///     S: RNG 11752099 10.0.1.200:1863 CKI 849102291.520491113 bob@example.com Bob%20B.
package struct Ring: Equatable, Sendable {
    /// Names the switchboard's session; opaque: decimal on some servers, hexadecimal on others.
    package var session: String
    package var address: ServerAddress
    /// Opens the switchboard once, and soon.
    package var cookie: Redacted<String>
    package var caller: ListMember

    package init(session: String, address: ServerAddress, cookie: Redacted<String>, caller: ListMember) {
        self.session = session
        self.address = address
        self.cookie = cookie
        self.caller = caller
    }
}
