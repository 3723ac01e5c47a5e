/// What a key may do besides opening sessions and using them, which every key may.
package enum APIKeyScope: String, CaseIterable, Sendable {
    /// Listing and ending everybody's sessions.
    case admin
}
