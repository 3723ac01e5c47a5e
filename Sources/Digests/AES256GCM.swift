private import CLibCrypto

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D), with which passwords are sealed.
package enum AES256GCM {
    /// Bytes of a key.
    package static let keySize = 32
    /// Bytes of a nonce; two messages under one key never share one.
    package static let nonceSize = 12
    /// Bytes of the tag behind what was encrypted.
    package static let tagSize = 16

    /// Encrypts a message: as many bytes as it has, and the tag behind them.
    ///
    /// - Parameters:
    ///   - key: `keySize` bytes.
    ///   - nonce: `nonceSize` bytes, random or counted.
    ///   - associated: what has to be the same at opening, and is not encrypted.
    package static func seal(
        _ message: Span<UInt8>, key: [UInt8], nonce: [UInt8], associated: [UInt8]
    ) -> [UInt8] {
        precondition(key.count == keySize && nonce.count == nonceSize, "AES-256-GCM takes 32 and 12 bytes")
        let context = Context(key, nonce, encrypts: true)
        unsafe context.update(associated.span, into: nil)
        var output = [UInt8](repeating: 0, count: message.count + tagSize)
        // As much room as the message has, and more.
        unsafe context.update(message, into: &output)
        guard context.finish() else { LibCrypto.fail("EVP_EncryptFinal_ex") }
        output.replaceSubrange(message.count..., with: context.tag)
        return output
    }

    /// Decrypts what `seal` made into a secret; nil where key, nonce, associated data or a single bit of it is another.
    package static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]
    ) -> Secret? {
        guard key.count == keySize, nonce.count == nonceSize, sealed.count >= tagSize else { return nil }
        let count = sealed.count - tagSize
        let context = Context(key, nonce, encrypts: false)
        unsafe context.update(associated.span, into: nil)
        var output = [UInt8](repeating: 0, count: count)
        // The array is its storage's one owner, so that the bytes themselves are overwritten, and no copy.
        defer { unsafe output.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        // As much room as what is read.
        unsafe context.update(sealed.span.extracting(0..<count), into: &output)
        guard context.expect(tag: Array(sealed[count...])), context.finish() else { return nil }
        return Secret(copying: output.span)
    }

    /// One run of the cipher.
    ///
    /// Safe although it stores a pointer: only this type sees it, it is valid from `init` to `deinit`, and because the type
    /// can't be copied it has one user at a time and is freed once.
    @safe private struct Context: ~Copyable {
        // EVP_CIPHER_CTX *; freeing it overwrites what was derived from the key.
        private let context: OpaquePointer

        init(_ key: [UInt8], _ nonce: [UInt8], encrypts: Bool) {
            guard let context = unsafe EVP_CIPHER_CTX_new() else { LibCrypto.fail("EVP_CIPHER_CTX_new") }
            unsafe self.context = context
            // The library reads 32 and 12 bytes, which is how long the callers' arrays are, and copies them. The cipher is
            // the library's own; its nonce has 12 bytes unless somebody says otherwise.
            let begun = unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce, encrypts ? 1 : 0)
            guard begun == 1 else { LibCrypto.fail("EVP_CipherInit_ex") }
        }

        /// Takes bytes in; without an output they are associated data.
        func update(_ bytes: Span<UInt8>, into output: UnsafeMutablePointer<UInt8>?) {
            let context = unsafe self.context
            guard let count = Int32(exactly: bytes.count) else { preconditionFailure("a message beyond 2 GiB") }
            // The library would take no pointer for the end.
            guard count > 0 else { return }
            var written: Int32 = 0
            // Reads `count` bytes and, in this mode, writes as many: the caller's output has at least so much room.
            let updated = unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe EVP_CipherUpdate(context, output, &written, bytes.baseAddress, count)
            }
            guard updated == 1 else { LibCrypto.fail("EVP_CipherUpdate") }
        }

        /// Whether all is well: always when encrypting, and when decrypting if the tag is right.
        func finish() -> Bool {
            let context = unsafe self.context
            // In this mode nothing is left to write.
            var (none, written) = ([UInt8](repeating: 0, count: tagSize), Int32(0))
            return unsafe EVP_CipherFinal_ex(context, &none, &written) == 1
        }

        /// The tag of what was encrypted.
        var tag: [UInt8] {
            let context = unsafe self.context
            var tag = [UInt8](repeating: 0, count: tagSize)
            // Writes as many bytes as it is told that there is room for.
            let got = unsafe tag.withUnsafeMutableBytes { bytes in
                unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), bytes.baseAddress)
            }
            guard got == 1 else { LibCrypto.fail("EVP_CTRL_AEAD_GET_TAG") }
            return tag
        }

        /// Says which tag what is decrypted has to have; `finish` compares, in a time that doesn't tell where they differ.
        func expect(tag: [UInt8]) -> Bool {
            let context = unsafe self.context
            var tag = tag
            // Reads as many bytes as it is told, and copies them.
            return unsafe tag.withUnsafeMutableBytes { bytes in
                unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(bytes.count), bytes.baseAddress) == 1
            }
        }

        // The one owner frees, once.
        deinit { unsafe EVP_CIPHER_CTX_free(context) }
    }
}
