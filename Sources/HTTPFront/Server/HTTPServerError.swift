import Glibc
import Loops

/// Why a server can't start.
package enum HTTPServerError: Error, Sendable, Equatable {
    /// The host is neither an address nor `localhost`.
    case invalidHost(String)
    /// The path is not absolute, or longer than `UnixEndpoint.longest`.
    case invalidPath(String)
    /// Nobody can listen there now; mostly because somebody does. `code` is an `errno`.
    case cannotListen(ListenAddress, code: Int32)
    /// The descriptor that was handed over is no stream socket that listens.
    case cannotInherit(Int32)
    /// A system call that a server can't do without failed. `code` is an `errno`.
    case system(call: String, code: Int32)
    /// libmicrohttpd did not start.
    case library(String)
}

extension HTTPServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidHost(let host): "\(host) is neither an IP address nor localhost"
        case .invalidPath(let path):
            "\(path) is not the absolute path of a socket, of at most \(UnixEndpoint.longest) bytes"
        case .cannotListen(let address, let code): "can't listen on \(address): \(Self.text(code))"
        case .cannotInherit(let number): "descriptor \(number) is not a stream socket that listens"
        case .system(let call, let code): "\(call): \(Self.text(code))"
        case .library(let what): "libmicrohttpd: \(what)"
        }
    }

    private static func text(_ code: Int32) -> String {
        var text = [CChar](repeating: 0, count: 256)
        // Writes no more than the count it is given, its closing zero included, and keeps nothing.
        let failed = unsafe text.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return EINVAL }
            return unsafe strerror_r(code, base, buffer.count)
        }
        guard failed == 0 else { return "error \(code)" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
