import CCurl

/// An owned `CURLM`: all transfers, and the connections that are kept between them.
///
/// One thread uses it, but for `wake`, which any thread may call (curl_multi_wakeup(3)). It is freed when nobody has it any more,
/// so nobody wakes one that is gone; for these reasons it is `@unchecked Sendable`, and safe although it stores a pointer.
@safe final class CurlMulti: @unchecked Sendable {
    // CURLM *
    private let raw: UnsafeMutableRawPointer

    init(mostIdle: Int) throws(WebhookTransportError) {
        guard let raw = unsafe gw_curl_multi_init() else {
            throw WebhookTransportError(description: "curl_multi_init has no memory")
        }
        unsafe self.raw = raw
        _ = unsafe gw_curl_multi_set_number(raw, CURLMOPT_MAXCONNECTS, mostIdle)
        // HTTP/1.1 is all that is spoken.
        _ = unsafe gw_curl_multi_set_number(raw, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// Has the thread's wait end, or its next one.
    func wake() { _ = unsafe gw_curl_multi_wakeup(raw) }

    /// Whether the transfer was taken; it is removed before it is let go.
    func add(_ easy: CurlEasy) -> Bool { unsafe gw_curl_multi_add(raw, easy.raw) == CURLM_OK }

    func remove(_ easy: CurlEasy) { _ = unsafe gw_curl_multi_remove(raw, easy.raw) }

    /// Does what there is to do, without waiting.
    func perform() { _ = unsafe gw_curl_multi_perform(raw) }

    /// One that is over, by what `CurlEasy.key` says of it, and how; nil when there is none.
    func finished() -> (key: UInt, result: CURLcode)? {
        var result = CURLE_OK
        guard let easy = unsafe gw_curl_multi_finished(raw, &result) else { return nil }
        return (UInt(bitPattern: easy), result)
    }

    /// Waits for something to do, at most so many milliseconds.
    func wait(milliseconds: Int32) { _ = unsafe gw_curl_multi_poll(raw, milliseconds) }

    // The last user frees, once; its transfers were removed before.
    deinit { unsafe gw_curl_multi_cleanup(raw) }
}
