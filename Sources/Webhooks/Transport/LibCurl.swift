import CCurl

/// The library itself, which is loaded when there is a first use for it.
package enum LibCurl {
    /// Of the library that is there, as `7.88.1`, and loads it; nil where it can't be had.
    ///
    /// From one thread at a time, and before there are webhooks.
    package static var version: String? {
        guard unsafe gw_curl_load() == nil else { return nil }
        // The text is the library's own and there for ever.
        return unsafe gw_curl_version().map { unsafe String(cString: $0) }
    }
}
