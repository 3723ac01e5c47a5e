import Digests
import HTTPFront

extension Response {
    /// An `ETag` of the body, for what only its owner may keep and has to ask about each time.
    ///
    /// - Parameter tag: the body's, where it is known already.
    func taggedPrivately(_ tag: String? = nil) -> Response { tagged(tag, "private, no-cache") }

    /// An `ETag` of the body, for what everybody may keep and has to ask about each time.
    func taggedPublicly() -> Response { tagged(nil, "no-cache") }

    private func tagged(_ tag: String?, _ cacheControl: String) -> Response {
        var response = self
        // At once for all that is added until it goes out.
        response.headers.reserve(bytes: Self.usualBytes)
        response.set("ETag", tag ?? EntityTag.of(body))
        response.set("Cache-Control", cacheControl)
        return response
    }
}
