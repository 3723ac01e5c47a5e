private import CLibCrypto

/// The library itself: its version, and what the wrappers share when a call does not succeed.
package enum LibCrypto {
    /// Of the library that is loaded, as `3.0.18`.
    package static var version: String {
        // The text is the library's own and there for ever.
        unsafe OpenSSL_version(OPENSSL_VERSION_STRING).map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// Room for one line of `ERR_error_string_n`, which asks for at least 120 bytes and cuts what is longer.
    private static let errorTextLimit = 256

    /// Ends the process, naming the call that failed and the library's own reason.
    ///
    /// No caller could go on without its digest or its random bytes. It is a `fatalError` because that prints its
    /// reason in release builds too, where a failed `precondition` is a bare trap and an operator who has, say,
    /// turned on a FIPS provider without MD5 would learn nothing.
    static func fail(_ call: StaticString) -> Never {
        let code = ERR_get_error()
        guard code != 0 else { fatalError("\(call) failed and libcrypto gives no reason") }
        var text = [CChar](repeating: 0, count: errorTextLimit)
        // The library writes no more than the count it is given, its closing zero included.
        unsafe text.withUnsafeMutableBufferPointer { unsafe ERR_error_string_n(code, $0.baseAddress, $0.count) }
        let line = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        fatalError("\(call): \(String(decoding: line, as: UTF8.self))")
    }
}
