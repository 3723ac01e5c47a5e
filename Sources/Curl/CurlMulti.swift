package import CCurl

/// An owned `CURLM`: all transfers, and the connections that are kept between them.
///
/// One thread uses it, but for `wake`, which any thread may call (curl_multi_wakeup(3)). It is freed when nobody has it any more,
/// so nobody wakes one that is gone; for these reasons it is `@unchecked Sendable`, and safe although it stores a pointer.
@safe package final class CurlMulti: @unchecked Sendable {
    // CURLM *
    private let raw: UnsafeMutableRawPointer

    /// Loads the library, if nobody has; throws `CurlError` where there is none, or no memory.
    ///
    /// - Parameter mostIdle: connections that are kept for later.
    package init(mostIdle: Int) throws(CurlError) {
        try CurlLibrary.load()
        guard let raw = unsafe gw_curl_multi_init() else {
            throw CurlError(description: "curl_multi_init has no memory")
        }
        unsafe self.raw = raw
        _ = unsafe gw_curl_multi_set_number(raw, CURLMOPT_MAXCONNECTS, mostIdle)
        // HTTP/1.1 is all that is spoken.
        _ = unsafe gw_curl_multi_set_number(raw, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// Has the thread's wait end, or its next one.
    package func wake() { _ = unsafe gw_curl_multi_wakeup(raw) }

    /// Whether the transfer was taken; it is removed before it is let go.
    package func add(_ easy: CurlEasy) -> Bool { unsafe gw_curl_multi_add(raw, easy.raw) == CURLM_OK }

    /// Takes a transfer back, finished or not.
    package func remove(_ easy: CurlEasy) { _ = unsafe gw_curl_multi_remove(raw, easy.raw) }

    /// Does what there is to do, without waiting.
    package func perform() { _ = unsafe gw_curl_multi_perform(raw) }

    /// One that is over, by what `CurlEasy.key` says of it, and how; nil when there is none.
    package func finished() -> (key: UInt, result: CURLcode)? {
        var result = CURLE_OK
        guard let easy = unsafe gw_curl_multi_finished(raw, &result) else { return nil }
        return (UInt(bitPattern: easy), result)
    }

    /// Waits for something to do, at most so many milliseconds.
    package func wait(milliseconds: Int32) { _ = unsafe gw_curl_multi_poll(raw, milliseconds) }

    // The last user frees, once; its transfers were removed before.
    deinit { unsafe gw_curl_multi_cleanup(raw) }
}
