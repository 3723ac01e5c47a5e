import Glibc

/// Where a Unix socket is: a path, or a name that is in no file system (unix(7), abstract), which is written with an `@`.
package struct UnixEndpoint: Sendable, Hashable {
    /// Bytes of a path, or of a name with its `@`: `sun_path` has 108, and a path a NUL behind it.
    package static let longest = 107
    /// Where the name begins: behind the family.
    private static let nameOffset = MemoryLayout<sa_family_t>.size

    /// As it is written.
    package let name: String

    /// Nil for what is empty, longer than `longest`, or has a NUL, at which the kernel would end it.
    package init?(_ name: String) {
        guard (1...Self.longest).contains(name.utf8.count), !name.utf8.contains(0) else { return nil }
        self.name = name
    }

    /// What a socket is bound to; nil where it is bound to nothing, or of another family.
    package static func ofSocket(_ descriptor: Int32) -> UnixEndpoint? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        // Writes no more than the length says; the structure starts as a `sockaddr` does.
        let isKnown = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                unsafe getsockname(descriptor, raw, &length) == 0
            }
        }
        guard isKnown, Int32(address.sun_family) == AF_UNIX else { return nil }
        // A plain C structure; the copy is made inside the call.
        let bytes = unsafe withUnsafeBytes(of: address) { unsafe Array($0.prefix(Int(length)).dropFirst(nameOffset)) }
        guard bytes.first == 0 else { return UnixEndpoint(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)) }
        return UnixEndpoint("@" + String(decoding: bytes.dropFirst(), as: UTF8.self))
    }

    /// Calls a body with the address in the shape that the system wants, a `sockaddr`, and with its length in bytes.
    ///
    /// Untyped, as two modules of C have that structure, and which of them the compiler names differs from build to build.
    package func withSystemAddress<R>(_ body: (UnsafeRawPointer, UInt32) -> R) -> R {
        var bytes = Array(name.utf8)
        let isAbstract = bytes[0] == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The name is shorter than its place, which was all zeros.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = Self.nameOffset + bytes.count + (isAbstract ? 0 : 1)
        // It starts as a `sockaddr` does, and the length says how much of it there is.
        return unsafe withUnsafePointer(to: &address) { unsafe body(UnsafeRawPointer($0), UInt32(length)) }
    }
}
