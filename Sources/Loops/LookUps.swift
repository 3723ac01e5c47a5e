import CLinux
import Glibc
import Locking

/// Threads that look names up, as the system's resolver has its caller wait: a few, each there for as long as there is something
/// to do.
package final class LookUps: Sendable {
    /// Those of the whole process.
    package static let shared = LookUps(most: 8)

    private struct State: Sendable {
        var threads = 0
        var waiting: [@Sendable () -> Void] = []
    }

    /// Threads at one time: names of servers that don't answer may keep one for half a minute each.
    private let most: Int
    private let state = Locked(State())

    /// - Parameter most: threads at one time; at least one.
    package init(most: Int) { self.most = max(1, most) }

    /// Does something on one of the threads, when it is its turn; where there is no thread to be had, at once and here.
    package func run<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in give { continuation.resume(returning: body()) } }
    }

    /// The addresses of a name, at most so many, waited for on one of the threads; none where there are none.
    package func addresses(of host: String, port: UInt16, atMost most: Int) async -> [TCPEndpoint] {
        await run { Self.lookUp(host, port: port, atMost: most) }
    }

    /// The addresses of a name, waited for on this thread.
    package static func lookUp(_ host: String, port: UInt16, atMost most: Int) -> [TCPEndpoint] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        // The list is getaddrinfo's own, freed once, after the addresses were copied out of it.
        defer { unsafe freeaddrinfo(list) }
        var found: [TCPEndpoint] = []
        var next = unsafe list
        while let entry = unsafe next, found.count < most {
            if let raw = unsafe entry.pointee.ai_addr, let endpoint = unsafe TCPEndpoint(raw) { found.append(endpoint) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    private func give(_ work: @escaping @Sendable () -> Void) {
        let begins = state.withLock { state in
            state.waiting.append(work)
            guard state.threads < most else { return false }
            state.threads += 1
            return true
        }
        guard begins else { return }
        do {
            try LoopThread.start("look-up") { self.work() }
        } catch {
            work()
        }
    }

    /// A thread's life.
    private func work() {
        while true {
            let next = state.withLock { state -> (@Sendable () -> Void)? in
                guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
                state.threads -= 1
                return nil
            }
            guard let next else { return }
            next()
        }
    }
}
