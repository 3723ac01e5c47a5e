/// Where the API keys are kept.
///
/// Any thread may call it; it may take as long as reading a small file does.
package protocol APIKeySource: Sendable {
    /// What tells whether the keys may have changed, without reading them.
    func stamp() -> APIKeyStamp

    /// Reads the keys; nil when nothing is kept there.
    ///
    /// Throws `APIKeySourceError` when there is something that can't be read, or is no list of keys.
    func read() throws(APIKeySourceError) -> APIKeySnapshot?
}
