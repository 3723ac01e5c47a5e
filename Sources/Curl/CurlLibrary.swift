import CCurl
import Locking

/// libcurl, which is opened when somebody first has use for it.
package enum CurlLibrary {
    /// It starts once for the process, and not on two threads at a time.
    private static let lock = Locked<Void>(())

    /// Opens it, if nobody has; throws `CurlError` where this machine has none that is new enough.
    package static func load() throws(CurlError) {
        try lock.withLock { _ throws(CurlError) in
            // The text is the library's own, and is copied before anybody calls it again.
            if let problem = unsafe gw_curl_load() {
                throw CurlError(description: unsafe String(cString: problem))
            }
        }
    }

    /// Of the one that is there, as `7.88.1`, which is loaded for it; nil where it can't be had.
    package static var version: String? {
        guard (try? load()) != nil else { return nil }
        // The text is the library's own and there for ever.
        return unsafe gw_curl_version().map { unsafe String(cString: $0) }
    }
}

/// Why nothing can be transferred by this process.
package struct CurlError: Error, Equatable, CustomStringConvertible {
    /// What is missing, in the system's words.
    package let description: String
}
