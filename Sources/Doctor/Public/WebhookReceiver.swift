import Digests
import Encodings
import HTTPFront
import Synchronization

/// Takes one webhook, at a path that nobody can guess.
final class WebhookReceiver: RequestHandler {
    /// Bytes of a body: the gateway's have some 256 KiB.
    private static let longestBody = 4 << 20

    /// Where it is to come to.
    let path = "/" + Base64.encode(SecureRandom.bytes(count: 12)[...], .forURLs)
    private let heard = Atomic(false)

    /// Whether it has come.
    var hasHeard: Bool { heard.load(ordering: .acquiring) }

    func receive(_ head: RequestHead) -> Reception {
        guard head.path.utf8.elementsEqual(path.utf8) else { return .answer(.now(Response(status: 404))) }
        return .readBody(limit: Self.longestBody, tooLarge: { Response(status: 413) }) { _ in
            self.heard.store(true, ordering: .releasing)
            return .now(Response(status: 204))
        }
    }

    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response { Response(status: 400) }
    func refuse(_ refusal: ConnectionRefusal) -> Response { Response(status: 503) }
    func isProbe(_ head: RequestHead) -> Bool { false }
    func noteRefusals(_ refusal: ConnectionRefusal, count: Int) {}
    func noteLongTurn(_ turn: LongTurn) {}
}
