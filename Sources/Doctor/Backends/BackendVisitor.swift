import Digests
import Encodings
import MSNP
import MSNPClient

/// A session of the test account at a backend.
struct BackendVisitor: Sendable {
    private let session: NotificationSession
    private let events: AsyncStream<SessionEvent>

    init(_ backend: Backend, _ account: DoctorOptions.TestAccount, _ runtime: ClientRuntime) {
        let password = account.password
        let answer: @Sendable (String) -> String = { challenge in
            password.withBytes { Self.digest(challenge, $0) }
        }
        let (events, told) = AsyncStream<SessionEvent>.makeStream()
        self.events = events
        session = runtime.makeSession(
            on: runtime.loops[0], backend: backend,
            offer: SignInOffer(handle: account.account.spelling, answer: answer),
            status: .appearOffline, digest: { Self.digest($0, Span()) }, now: { 0 }
        ) { event in
            told.yield(event)
            if case .ended = event { told.finish() }
        }
    }

    /// MD5 of a text and what follows it (docs/protocol.md#password, #challenges).
    private static func digest(_ text: String, _ rest: Span<UInt8>) -> String {
        var digest = MD5()
        digest.update(text)
        digest.update(rest)
        return Hexadecimal.encode(digest.finish())
    }

    /// Returns once it is online, or has ended.
    func signIn() async -> Result<Void, SessionEnd> {
        session.start()
        for await event in events {
            switch event {
            case .state(.online): return .success(())
            case .ended(let end): return .failure(end)
            // It was let in and lost at once: that is no sign-in.
            case .reconnecting(let end, _?):
                await session.signOut()
                return .failure(end)
            default: continue
            }
        }
        return .failure(.connectionLost)
    }

    /// Asks for something, and says what became of the command.
    func ask(_ request: SessionRequest) async -> CommandAnswer.Reply {
        do throws(RequestFailure) {
            _ = try await session.request(request)
            return .answered
        } catch {
            switch error {
            case .refused: return .answered
            case .timedOut: return .silent
            case .nonsense: return .nonsense
            case .notSupported: return .excluded
            case .interrupted: return .closed
            case .notOnline: return .unsent
            }
        }
    }

    func signOut() async { await session.signOut() }

    /// An end as docs/api.md calls it.
    static func word(for end: SessionEnd) -> String {
        switch end {
        case .signedOut: "signedOut"
        case .signedInElsewhere: "signedInElsewhere"
        case .serverShutdown: "serverShutdown"
        case .serverClosed: "serverClosed"
        case .connectionLost: "connectionLost"
        case .unstable: "unstable"
        case .unreachable: "unreachable"
        case .refused: "refused"
        case .noCommonVersion: "noCommonVersion"
        case .clientTooOld: "clientTooOld"
        case .noSecurityPackage: "noSecurityPackage"
        case .challengeFailed: "challengeFailed"
        case .protocolError: "protocolError"
        case .timedOut: "timedOut"
        }
    }
}
