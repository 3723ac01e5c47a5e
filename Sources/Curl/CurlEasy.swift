package import CCurl

/// An owned `CURL`, one transfer, with the lists that it reads from.
///
/// Safe although it stores pointers: only this type and `CurlMulti` see them, they are valid from `init` to `deinit`, and a class
/// has one owner of them. Whoever it calls back lives longer than it, as `callbacks` demands.
@safe package final class CurlEasy {
    // CURL *
    let raw: UnsafeMutableRawPointer
    // struct curl_slist *; the library reads them as long as the transfer lasts.
    private var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []
    /// Whether every option was taken.
    package private(set) var isWhole = true

    /// Nil where there is no memory.
    package init?() {
        guard let raw = unsafe gw_curl_easy_init() else { return nil }
        unsafe self.raw = raw
    }

    /// By what it is found again among others.
    package var key: UInt { UInt(bitPattern: unsafe raw) }

    /// Sets a number, or a switch.
    package func set(_ option: CURLoption, _ value: Int) { note(unsafe gw_curl_set_number(raw, option, value)) }

    /// Sets a number of bytes.
    package func set(size option: CURLoption, _ value: Int) { note(unsafe gw_curl_set_size(raw, option, Int64(value))) }

    /// Sets a text, which the library copies.
    package func set(_ option: CURLoption, _ value: String) { note(unsafe gw_curl_set_text(raw, option, value)) }

    /// Takes a text back, one that the library has by itself too; one without that text has nothing to take back.
    package func clear(_ option: CURLoption) { _ = unsafe gw_curl_set_text(raw, option, nil) }

    /// Sets bytes, which the library copies.
    package func set(bytes option: CURLoption, _ value: [UInt8]) {
        note(unsafe gw_curl_set_bytes(raw, option, value, value.count))
    }

    /// Sets a list of texts, which is kept as long as the transfer.
    package func set(_ option: CURLoption, _ values: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            // Copies the text, and gives the list's beginning, or nothing and leaves the list as it was.
            guard let longer = unsafe gw_curl_list_append(list, value) else {
                isWhole = false
                break
            }
            unsafe list = longer
        }
        guard let list = unsafe list else { return }
        unsafe lists.append(list)
        note(unsafe gw_curl_set_list(raw, option, list))
    }

    /// Says who is called; its context has to be there until this is gone.
    package func set(_ callbacks: gw_curl_callbacks) {
        var callbacks = unsafe callbacks
        note(unsafe gw_curl_set_callbacks(raw, &callbacks))
    }

    /// Makes the whole transfer, on the caller's thread.
    package func perform() -> CURLcode { unsafe gw_curl_easy_perform(raw) }

    /// What OpenSSL said of the certificate (`X509_V_…`); 0 where nothing is wrong with it.
    package var verification: Int { unsafe gw_curl_verify_result(raw) }

    /// What the server's own certificate has under a name such as `Expire date`, with CURLOPT_CERTINFO; nil where it has none.
    package func certificate(_ name: String) -> String? {
        // The text is the library's until the handle is used again, and is copied here.
        unsafe gw_curl_certificate(raw, name).map { unsafe String(cString: $0) }
    }

    /// What a proxy said to the wish for a tunnel; 0 where none was asked, or none has answered.
    package var proxyStatus: Int { unsafe gw_curl_proxy_status(raw) }

    private func note(_ result: CURLcode) { isWhole = isWhole && result == CURLE_OK }

    // The one owner frees, once; the handle first, which reads the lists.
    deinit {
        unsafe gw_curl_easy_cleanup(raw)
        while let list = unsafe lists.popLast() { unsafe gw_curl_list_free(list) }
    }
}
