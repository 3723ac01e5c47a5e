import CCurl
import Locking
import Loops

/// Requests by libcurl, each on a connection and a thread of its own.
package struct CurlClient: Sendable {
    /// libcurl starts once for the process, and not on two threads at a time.
    private static let library = Locked<Void>(())

    private let origin: String
    private let authorities: String?

    /// - Parameters:
    ///   - origin: scheme, host and port, `https://msn.example`.
    ///   - authorities: a file of certificates, in PEM, of those who are trusted; nil for the system's.
    package init(_ origin: String, authorities: String? = nil) {
        (self.origin, self.authorities) = (origin, authorities)
    }

    private static func load() throws(HTTPFailure) {
        try library.withLock { _ throws(HTTPFailure) in
            // The text is the library's own, and is copied before anybody calls it again.
            if let problem = unsafe gw_curl_load() { throw .unavailable(unsafe String(cString: problem)) }
        }
    }
}

extension CurlClient: HTTPAsking {
    package func ask(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        try Self.load()
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
