import Doctor
import Locking

/// Answers requests as a test likes, and keeps them.
final class AnsweringClient: HTTPAsking {
    private let answer: @Sendable (HTTPRequest) -> Result<HTTPAnswer, HTTPFailure>
    private let kept = Locked<[HTTPRequest]>([])

    init(_ answer: @escaping @Sendable (HTTPRequest) -> Result<HTTPAnswer, HTTPFailure>) { self.answer = answer }

    var requests: [HTTPRequest] { kept.withLock { $0 } }

    func ask(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        kept.withLock { $0.append(request) }
        return try answer(request).get()
    }
}

/// An answer with fields and a body.
func answer(
    _ status: Int, _ body: String = "", _ fields: [(String, String)] = [], after seconds: Double = 0,
    isCut: Bool = false
) -> HTTPAnswer {
    var answer = HTTPAnswer(status: status)
    answer.fields = fields.map { HTTPField($0.0, $0.1) }
    answer.body = Array(body.utf8)
    answer.seconds = seconds
    answer.isCut = isCut
    // Sun, 29 Nov 2026 14:00:00 GMT
    answer.time = 1_795_960_800
    return answer
}

/// What a gateway says at `/v1`.
let entry = #"{"name":"msnp-gateway","version":"0.1.0","signIn":"open","backends":["home"]}"#
