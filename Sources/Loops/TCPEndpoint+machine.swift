import CLinux
import Glibc

extension TCPEndpoint {
    /// The addresses that this machine's interfaces have, with port 0; nil where they can't be listed.
    package static func ofThisMachine() -> [TCPEndpoint]? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&list) == 0 else { return nil }
        // The list is getifaddrs's own, freed once, after the addresses were copied out of it.
        defer { unsafe freeifaddrs(list) }
        var found: [TCPEndpoint] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let raw = unsafe entry.pointee.ifa_addr, let endpoint = unsafe TCPEndpoint(raw) {
                found.append(endpoint)
            }
            unsafe next = entry.pointee.ifa_next
        }
        return found
    }

    /// Our own end of a socket; nil where it has none, or one of another family.
    static func ofSocket(_ descriptor: Int32) -> TCPEndpoint? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // A storage is as large as any address and starts as all of them do.
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &length) == 0 ? TCPEndpoint(address) : nil
            }
        }
    }

    /// The same address with another port.
    package func with(port: UInt16) -> TCPEndpoint { TCPEndpoint(self, port: port) }

    /// The address as it is usually written: `192.0.2.1`, `2001:db8::1`.
    package var literal: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // Reads as many bytes as the family has, and writes no more than there is room for, its closing zero included.
        let isWritten = unsafe address.withUnsafeBytes { bytes in
            unsafe inet_ntop(family, bytes.baseAddress, &text, socklen_t(text.count)) != nil
        }
        guard isWritten else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
