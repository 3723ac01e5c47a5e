private import CLibCrypto

/// Certificates in PEM (RFC 7468), as operators name authorities that they trust.
package struct CertificateList: Equatable, Sendable {
    /// What is wrong with it, in words that repeat nothing of it.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// As it was given.
    package let pem: [UInt8]
    /// How many there are; at least one.
    package let count: Int

    /// Takes a text that has certificates and nothing else but words between them; throws what is wrong with it.
    ///
    /// A private key is refused: it has no business where only trust is said.
    package init(pem: [UInt8]) throws(Malformed) {
        guard let size = Int32(exactly: pem.count) else { throw Malformed(description: "is too long") }
        var (count, wrong) = (0, nil as Malformed?)
        // The library reads so many bytes, and keeps their address until the reader is freed, which is before the closure ends.
        unsafe pem.withUnsafeBytes { bytes in
            guard let reader = unsafe BIO_new_mem_buf(bytes.baseAddress, size) else {
                LibCrypto.fail("BIO_new_mem_buf")
            }
            defer { unsafe BIO_free(reader) }
            while wrong == nil {
                switch unsafe Self.next(reader) {
                case .certificate: count += 1
                case .end: return
                case .malformed: wrong = Malformed(description: "certificate \(count + 1) can't be read")
                case .other: wrong = Malformed(description: "has something else in it than certificates")
                }
            }
        }
        if let wrong { throw wrong }
        guard count > 0 else { throw Malformed(description: "has no certificate in PEM") }
        self.pem = pem
        self.count = count
    }

    private enum Block {
        case certificate
        /// A key, for one.
        case other
        case malformed
        case end
    }

    private static func next(_ reader: OpaquePointer) -> Block {
        var (name, header) = unsafe (nil as UnsafeMutablePointer<CChar>?, nil as UnsafeMutablePointer<CChar>?)
        var data: UnsafeMutablePointer<UInt8>?
        var length = 0
        // Fills in what it has allocated, which is ours to free.
        let isThere = unsafe PEM_read_bio(reader, &name, &header, &data, &length) == 1
        defer {
            // Data may be a key's.
            unsafe CRYPTO_clear_free(data, max(0, length), #file, #line)
            unsafe CRYPTO_free(header, #file, #line)
            unsafe CRYPTO_free(name, #file, #line)
            ERR_clear_error()
        }
        guard isThere else {
            // The reason's own bits of the code (err.h).
            let reason = Int32(truncatingIfNeeded: ERR_peek_last_error() & 0x7F_FFFF)
            return reason == PEM_R_NO_START_LINE ? .end : .malformed
        }
        guard let name = unsafe name, unsafe String(cString: name) == "CERTIFICATE" else { return .other }
        var start = unsafe UnsafePointer(data)
        // Reads so many bytes; nil, or a certificate that is ours to free.
        guard let certificate = unsafe d2i_X509(nil, &start, length) else { return .malformed }
        unsafe X509_free(certificate)
        return .certificate
    }
}
