import Digests
import HTTPFront

extension Response {
    /// An `ETag` of the body, for what only its owner may keep and has to ask about each time.
    func taggedPrivately() -> Response { tagged("private, no-cache") }

    /// An `ETag` of the body, for what everybody may keep and has to ask about each time.
    func taggedPublicly() -> Response { tagged("no-cache") }

    private func tagged(_ cacheControl: String) -> Response {
        var response = self
        response.set("ETag", EntityTag.of(body))
        response.set("Cache-Control", cacheControl)
        return response
    }
}
