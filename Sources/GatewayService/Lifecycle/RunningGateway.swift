package import Gateway
package import HTTPFront
package import Logging
import Loops
package import MSNP
import MSNPClient
import SQLiteStorage
package import ServiceLifecycle
package import Storage

/// The gateway at work: sandbox, event loops, sessions, HTTP server.
package final class RunningGateway: Sendable {
    private let gateway: Gateway
    private let runtime: ClientRuntime
    private let sandbox: RunningSandbox?
    private let server: HTTPServer
    private let keys: APIKeyStore?
    private let loops: LoopGroup
    private let state: (any Store)?

    private init(
        _ gateway: Gateway, _ runtime: ClientRuntime, _ sandbox: RunningSandbox?, _ server: HTTPServer,
        _ keys: APIKeyStore?, _ loops: LoopGroup, _ state: (any Store)?
    ) {
        self.loops = loops
        self.keys = keys
        self.state = state
        self.gateway = gateway
        self.runtime = runtime
        self.sandbox = sandbox
        self.server = server
    }

    /// Starts everything, the HTTP server last, so that whoever connects is served; throws `StartError`.
    ///
    /// - Parameter inherited: the sockets whose addresses the settings know.
    package static func start(
        _ settings: ServeSettings, _ logger: Logger, inheriting inherited: [HTTPListener] = []
    ) async throws(StartError) -> RunningGateway {
        var configuration = settings.gateway
        configuration.keys = try keys(settings.stateDirectory, logger)
        configuration.description = .embedded
        configuration.webhooks.sockets = DescriptorPlan.webhooks(files: DescriptorPlan.files)
        let state = try store(settings.state, logger)
        if state == nil, let directory = settings.stateDirectory { warnOfState(in: directory, logger) }
        var sandbox: RunningSandbox?
        if let wanted = settings.sandbox {
            let started = try await RunningSandbox.start(wanted)
            for index in configuration.backends.indices
            where configuration.backends[index].name == ServeSettings.sandboxBackend {
                configuration.backends[index].address = started.address
            }
            configuration.sandbox = started
            sandbox = started
        }
        var http = HTTPConfiguration(listen: settings.listen)
        http.connectionsPerAddress = settings.gateway.limits.connectionsPerAddress
        let proxies = settings.gateway.trustedProxies
        http.isExempt = { $0.isLoopback || proxies.contains($0.ip) }
        let ownListeners = OwnListeners()
        for index in configuration.backends.indices {
            configuration.backends[index].addressPolicy.ownListeners = ownListeners
        }
        let loops: LoopGroup
        do {
            loops = try LoopGroup(count: http.loops)
        } catch {
            await sandbox?.stop()
            throw .http(.system(call: error.call, code: error.code))
        }
        // First: what servers say is told before HTTP has its turn.
        let runtime = ClientRuntime(on: loops)
        do {
            let keeper = state.map { StateKeeper(store: $0, sealing: settings.state?.keys) }
            let gateway = try gateway(configuration, runtime, logger, keeper)
            try await restore(gateway)
            let server = try server(http, gateway, inherited, loops)
            for address in server.addresses { ownListeners.add(host: address.host, port: address.port) }
            // Weakly: the server holds the gateway.
            gateway.include { [weak server] in server?.statistics }
            // With everything open that stays open, and before anybody can have signed in.
            let plan = DescriptorPlan(http: http.maximumConnections, each: sandbox == nil ? 1 : 2)
            runtime.connections.limit(to: plan.connections)
            logger.debug("connections to servers are limited", metadata: ["connections": "\(plan.connections)"])
            gateway.comeBack()
            return RunningGateway(gateway, runtime, sandbox, server, configuration.keys, loops, state)
        } catch {
            await runtime.shutdown()
            await state?.close()
            await sandbox?.stop()
            throw error
        }
    }

    private static func keys(_ directory: String?, _ logger: Logger) throws(StartError) -> APIKeyStore? {
        guard let directory else { return nil }
        do {
            return try APIKeyStore(KeysFile(directory: directory), logger: logger)
        } catch {
            throw .keys(error)
        }
    }

    /// Opens the state directory; nil where nothing outlives the process.
    private static func store(_ settings: StateSettings?, _ logger: Logger) throws(StartError) -> (any Store)? {
        guard let settings else { return nil }
        var options = SQLiteOptions(directory: settings.directory)
        options.durability = settings.durability
        options.maximumBytes = settings.maximumBytes
        do {
            let store = try SQLiteStore(options)
            for fault in store.faults {
                logger.warning(
                    "the state was damaged", metadata: ["reason": "\(fault)", "file": "\(store.place)"])
            }
            if store.isNew {
                logger.notice(
                    "from now on the state directory holds sessions, contacts and the texts of messages in clear, for 24 h; store: memory keeps them in memory alone",
                    metadata: ["directory": "\(settings.directory)"])
            }
            return store
        } catch {
            throw .state(error)
        }
    }

    /// Says that there is a state of before which nobody reads: whoever sets `store: memory` may think that it goes on, or is gone.
    private static func warnOfState(in directory: String, _ logger: Logger) {
        let database = StateFiles(directory: directory).database
        guard FileReader.isFile(database) else { return }
        logger.warning(
            "the state directory holds sessions and texts of before, which are neither read nor kept up nor removed, as store is memory",
            metadata: ["file": "\(database)"])
    }

    private static func gateway(
        _ configuration: GatewayConfiguration, _ runtime: ClientRuntime, _ logger: Logger, _ state: StateKeeper?
    ) throws(StartError) -> Gateway {
        do {
            return try Gateway(configuration, runtime: runtime, logger: logger, state: state)
        } catch {
            throw .pages(error)
        }
    }

    private static func restore(_ gateway: Gateway) async throws(StartError) {
        do {
            try await gateway.takeUp()
        } catch {
            throw .state(error)
        }
    }

    private static func server(
        _ configuration: HTTPConfiguration, _ gateway: Gateway, _ inherited: [HTTPListener], _ loops: LoopGroup
    ) throws(StartError) -> HTTPServer {
        do {
            return try HTTPServer.start(configuration, gateway, inheriting: inherited, on: loops)
        } catch {
            throw .http(error)
        }
    }

    /// As they are bound; at least one.
    package var addresses: [ListenAddress] { server.addresses }

    /// Tells the service manager when the gateway is ready, and from then on that its loops turn.
    ///
    /// - Parameter watchdog: how long the service manager waits for that; nil where it does not.
    package func report(to manager: ServiceManager, watchdog: Duration?) {
        let gateway = gateway
        ServiceReport(manager, loops, watchdog: watchdog, isReady: { gateway.isReady }).begin()
    }

    /// Where a second client can join the sandbox; nil without one.
    package var sandboxAddress: ServerAddress? { sandbox?.address }

    /// What can be changed while it runs.
    package var reloading: SettingsReload.Target {
        SettingsReload.Target(
            apply: { [gateway] in gateway.apply($0.gateway) }, rereadKeys: { [keys] in keys?.reread() })
    }

    /// In the order of the start; they end in the opposite one, each when the one after it has ended.
    ///
    /// The sessions go first: their end is an event, with which polls are answered while the server still serves. Then the
    /// server drains, and then nothing is left that could use the event loops.
    package var services: [ServiceGroupConfiguration.ServiceConfiguration] {
        let gateway = gateway
        let runtime = runtime
        let server = server
        return [
            sandbox?.service,
            state.map { state in .stopping("state") { await state.close() } },
            .stopping("event loops") { await runtime.shutdown() },
            .stopping("HTTP server") { await server.stop(grace: ShutdownBudget.answers) },
            .stopping("sessions") { await gateway.shutdown() },
        ].compactMap(\.self)
    }
}

/// Why the process can't start although its settings are in order.
package enum StartError: Error, Sendable {
    case http(HTTPServerError)
    case pages(StaticFilesError)
    /// The state directory can't be used.
    case state(StoreError)
    /// The API keys can't be read.
    case keys(APIKeySourceError)
    /// The sandbox can't listen there; the reason is the system's.
    case sandbox(ServerAddress, reason: String)
}

extension StartError: CustomStringConvertible {
    /// In one line.
    package var description: String {
        switch self {
        case .http(let error): "\(error)"
        case .keys(let error): "\(error)"
        case .state(let error): "\(error)"
        case .pages(.unreadable(let path)): "can't read \(LogText.quoted(path)), one of the pages to serve"
        case .pages(.tooLarge(let path)):
            "the pages in \(LogText.quoted(path)) are larger than a page can be; is this the right directory?"
        case .sandbox(let address, let reason): "the sandbox can't listen on \(address): \(reason)"
        }
    }
}
