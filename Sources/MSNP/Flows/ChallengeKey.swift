/// A client's public name and private key for `CHL` (docs/protocol.md#challenges).
package struct ChallengeKey: Equatable, Sendable {
    package let clientID: String
    /// Every document about the protocol prints it, so it is no secret.
    package let key: String

    package init(clientID: String, key: String) {
        self.clientID = clientID
        self.key = key
    }

    /// The pair of the official client 3.6.0038, with which MSNP6 came.
    package static let official = ChallengeKey(clientID: "msmsgs@msnmsgr.com", key: "Q1P7W2E4J9R8U3S5")
}
