import DequeModule

/// Tokens of sessions that are forgotten: whoever still has one is told that the session is gone (404) and not that
/// the token is wrong (401).
struct RetiredTokens: Sendable {
    /// Some 2 MB; beyond it the oldest are answered like any unknown token.
    static let most = 20_000

    private var known: Set<TokenDigest> = []
    private var order: Deque<TokenDigest> = []

    mutating func insert(_ digest: TokenDigest) {
        guard known.insert(digest).inserted else { return }
        order.append(digest)
        while order.count > Self.most { known.remove(order.removeFirst()) }
    }

    func contains(_ digest: TokenDigest) -> Bool { known.contains(digest) }
}
