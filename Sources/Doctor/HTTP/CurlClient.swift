import Curl
import Loops

/// Requests by libcurl, each on a connection and a thread of its own.
package struct CurlClient: Sendable {
    private let origin: String
    private let authorities: String?

    /// - Parameters:
    ///   - origin: scheme, host and port, `https://msn.example`.
    ///   - authorities: a file of certificates, in PEM, of those who are trusted; nil for the system's.
    package init(_ origin: String, authorities: String? = nil) {
        (self.origin, self.authorities) = (origin, authorities)
    }
}

extension CurlClient: HTTPAsking {
    package func ask(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        do throws(CurlError) { try CurlLibrary.load() } catch { throw .unavailable(error.description) }
        let (url, authorities) = (origin + request.path, authorities)
        let result: Result<HTTPAnswer, HTTPFailure> = await withCheckedContinuation { continuation in
            do throws(SystemCallError) {
                try LoopThread.start("http") {
                    continuation.resume(returning: CurlExchange(request).run(url, authorities))
                }
            } catch {
                continuation.resume(returning: .failure(.unavailable("\(error.call): error \(error.code)")))
            }
        }
        return try result.get()
    }
}
