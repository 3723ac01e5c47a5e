import HTTPFront
import TestSupport

/// A handler of closures.
struct TestHandler: RequestHandler {
    var onReceive: @Sendable (RequestHead) -> Reception
    /// Why connections were refused, as the server reports it.
    let refusals = Recorder<ConnectionRefusal>()
    let longTurns = Recorder<LongTurn>()

    init(_ onReceive: @escaping @Sendable (RequestHead) -> Reception) { self.onReceive = onReceive }

    func receive(_ head: RequestHead) -> Reception { onReceive(head) }

    func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response {
        Response(status: 400, headers: [("Refusal", "\(refusal)")], text: refusal.detail)
    }

    func refuse(_ refusal: ConnectionRefusal) -> Response {
        Response(status: 503, headers: [("Refusal", "\(refusal)")], text: "too many")
    }

    func isProbe(_ head: RequestHead) -> Bool { head.path == "/probe" }

    func noteRefusals(_ refusal: ConnectionRefusal, count: Int) { refusals.record(refusal) }

    func noteLongTurn(_ turn: LongTurn) { longTurns.record(turn) }

    /// Answers with what it was asked, in lines; the body last.
    static let echo = TestHandler { head in
        .readBody(limit: 1000, tooLarge: { Response(status: 413, text: "too large") }) { body in
            .now(Response(status: 200, text: "\(head.method) \(head.target)\n" + String(decoding: body, as: UTF8.self)))
        }
    }
}

extension Response {
    init(status: Int, headers: HeaderFields = [], text: String) {
        self.init(status: status, headers: headers, body: Array(text.utf8))
    }
}

/// Runs `body` with a server on a free port of 127.0.0.1, and stops it.
func withServer<R: Sendable>(
    _ handler: some RequestHandler, idleTimeout: Int = 30, maximumConnections: Int? = nil, loops: Int = 2,
    daemonsPerLoop: Int = 4, change: (inout HTTPConfiguration) -> Void = { _ in },
    _ body: (HTTPServer) async throws -> R
) async throws -> R {
    var configuration = HTTPConfiguration(
        listen: ListenAddress(host: "127.0.0.1", port: 0), loops: loops, daemonsPerLoop: daemonsPerLoop,
        idleTimeout: idleTimeout, maximumConnections: maximumConnections)
    change(&configuration)
    let server = try HTTPServer.start(configuration, handler)
    let result: R
    do {
        result = try await body(server)
    } catch {
        await server.stop(grace: .zero)
        throw error
    }
    await server.stop(grace: .seconds(60))
    return result
}
