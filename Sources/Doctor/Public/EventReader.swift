import Digests
import FoundationEssentials
import Gateway
import MSNP

/// Somebody who may read events through the URL: an API key its feed, or a test account its session.
package struct EventReader: Sendable {
    /// A session that was opened for the visit.
    struct OpenedSession: Sendable {
        /// Whether it was there before, and so is somebody's.
        let wasThere: Bool
    }

    /// Of polls.
    let events: String
    /// Of streams.
    let stream: String
    /// Where both begin.
    let cursor: String
    /// The API key, or the session's token.
    let credential: Secret
    /// Nil for a feed.
    let session: OpenedSession?

    /// An event that nearly nobody ever has: a poll for it alone waits as long as it may.
    static let rarestEvent = "page.failed"

    /// A request with the credential.
    func request(_ method: String, _ path: String) -> HTTPRequest {
        var request = HTTPRequest(method, path)
        request.authorize(credential)
        return request
    }
}

extension HTTPRequest {
    /// Adds a credential.
    mutating func authorize(_ credential: Secret) {
        let text = credential.withBytes { bytes in
            String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
        }
        fields.append(("authorization", "Bearer \(text)"))
    }
}

/// What is read of the answer to a sign-in.
struct SignedIn: Decodable {
    struct Session: Decodable {
        let id: String
        let cursor: String
    }

    let session: Session
    let token: String

    /// Nil where the answer is none, or could not stand in a path.
    init?(_ answer: HTTPAnswer) {
        guard let signedIn = try? JSONDecoder().decode(Self.self, from: Data(answer.body)),
            [signedIn.session.id, signedIn.session.cursor].allSatisfy(Self.isPlain)
        else { return nil }
        self = signedIn
    }

    private static func isPlain(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
            }
    }
}
