import Loops
package import MSNP

/// An MSN server on TCP: dispatch, notification and switchboard servers in front of one `World`.
///
/// All live on one event loop, which is there for them alone. Any MSN client can use it; it needs nothing of a gateway. One
/// that is let go without `shutdown()` is gone without a word.
package final class Server: Sendable {
    /// Where clients start.
    package let dispatchAddress: ServerAddress
    /// Where the dispatch server refers them to, as seen from this machine.
    package let notificationAddress: ServerAddress
    /// Where conversations take place, as seen from this machine.
    package let switchboardAddress: ServerAddress

    /// One loop: all of a sandbox is one value.
    private let group: LoopGroup
    private let engine: Engine

    /// Binds the ports and serves until `shutdown()`.
    package static func start(_ configuration: Configuration) async throws(ServerError) -> Server {
        let port = UInt16(clamping: configuration.port)
        // A host name may stand for several addresses: all servers listen on the same one.
        let named = TCPEndpoint(literal: configuration.host, port: port)
        let found = await LookUps.shared.addresses(of: configuration.host, port: port, atMost: 1)
        guard let endpoint = named ?? found.first else { throw .unknownHost(configuration.host) }
        do {
            return try await Server(configuration, at: endpoint)
        } catch {
            throw .system(call: error.call, code: error.code)
        }
    }

    private init(_ configuration: Configuration, at endpoint: TCPEndpoint) async throws(SystemCallError) {
        group = try LoopGroup(count: 1, named: "sandbox")
        engine = Engine(configuration, on: group.loops[0])
        let bound: (dispatch: TCPEndpoint, notification: TCPEndpoint, switchboard: TCPEndpoint)
        do {
            bound = try await engine.listen(at: endpoint)
        } catch {
            await group.shutdown()
            throw error
        }
        dispatchAddress = ServerAddress(bound.dispatch)
        notificationAddress = ServerAddress(bound.notification)
        switchboardAddress = ServerAddress(bound.switchboard)
    }

    /// Orders a fault for an account, or for everybody, and says whether it struck somebody or waits for its occasion.
    ///
    /// `count` is how often `busy`, `wrongChallenge`, `nak`, `mail`, `page` and `alert` strike (once unless given), how
    /// many commands `stall` swallows (all unless given), and the minutes until a `shutdown` (none unless given).
    package func order(_ fault: Fault, account: String? = nil, count: Int? = nil) async -> Bool {
        await engine.order(fault, account: account, count: count)
    }

    /// Edits an account's lists as from elsewhere, such as a website; whether that changed something.
    package func edit(_ edit: ListEdit, of account: String) async -> Bool { await engine.edit(edit, of: account) }

    /// What an account has now; nil for a stranger and once the server is shut down.
    package func account(_ handle: String) async -> AccountState? { await engine.account(handle) }

    /// Says `OUT SSD` to everybody and returns when all is closed and the loop has ended.
    package func shutdown() async {
        await engine.shutdown()
        await group.shutdown()
    }
}

/// Why a sandbox can't start.
package enum ServerError: Error, Sendable, Equatable {
    /// The host is no address, and nobody knows one of that name.
    case unknownHost(String)
    /// A system call that a server can't do without failed, mostly because somebody else has the port; `code` is an `errno`.
    case system(call: String, code: Int32)
}

extension ServerAddress {
    fileprivate init(_ endpoint: TCPEndpoint) { self.init(host: endpoint.literal, port: endpoint.port) }
}
