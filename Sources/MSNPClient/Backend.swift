import Locking
package import MSNP
import NIOCore

/// A backend and what its sessions have learned of it in this process.
package final class Backend: Sendable {
    package let configuration: BackendConfiguration
    private let resolver: any AddressResolving
    /// Who may sign in.
    package let signInTurns: SignInTurns
    /// What goes to and fro, for the metrics.
    package let traffic = BackendTraffic()
    private let traits: Locked<Traits>
    private let now: @Sendable () -> NIODeadline

    struct Traits: Sendable {
        var keepalive: Set<KeepaliveTrait> = []
        /// What the operator said, and what was answered.
        var commands: CommandTraits
        /// Commands on which it closed.
        var suspicions: [String: Suspicion] = [:]
        /// Messages in a row for which no `ACK` came in time.
        var ignoredMessages = 0

        var isAcknowledgementHopeless: Bool { ignoredMessages >= ConversationLimits.ignoredMessages }
    }

    /// A command on which it closed a connection in good order.
    ///
    /// One close may be chance: a server that is restarted while it works on a command looks the same. So one is held
    /// against it for a while, and two for good.
    struct Suspicion: Sendable {
        /// Long enough that sessions which ask again and again are not thrown out again and again.
        static let lasting = TimeAmount.hours(1)

        var isProven = false
        let since: NIODeadline

        func holds(at now: NIODeadline) -> Bool { isProven || now < since + Self.lasting }
    }

    package convenience init(
        _ configuration: BackendConfiguration, resolver: any AddressResolving = SystemResolver()
    ) {
        self.init(configuration, resolver: resolver, now: NIODeadline.now)
    }

    init(
        _ configuration: BackendConfiguration, resolver: any AddressResolving = SystemResolver(),
        now: @escaping @Sendable () -> NIODeadline
    ) {
        self.configuration = configuration
        self.resolver = resolver
        self.now = now
        signInTurns = SignInTurns(most: configuration.signInsInFlight)
        traits = Locked(Traits(commands: CommandTraits(forbidden: configuration.forbiddenCommands)))
    }

    package var name: String { configuration.name }

    /// How it was seen to take pings.
    package var keepaliveTraits: Set<KeepaliveTrait> { known.keepalive }

    /// Commands that it does not take, by what the operator said and by what its sessions saw.
    package var forbiddenCommands: Set<String> { known.commands.forbidden }

    /// Whether it was seen to acknowledge no messages.
    package var ignoresMessages: Bool { known.isAcknowledgementHopeless }

    /// Everything that is known of it at this moment.
    var known: Traits {
        var known = traits.withLock { $0 }
        if !known.suspicions.isEmpty {
            let now = now()
            known.commands.forbidden.formUnion(known.suspicions.filter { $0.value.holds(at: now) }.keys)
        }
        return known
    }

    func learn(_ trait: BackendTrait) {
        traits.withLock { traits in
            switch trait {
            case .keepalive(let trait): traits.keepalive.insert(trait)
            case .answers(let command):
                traits.commands.answered.insert(command)
                // Whatever was thought of it: the close was of another making. What the operator said stays.
                traits.suspicions[command] = nil
            case .answersMessages(let answers): traits.ignoredMessages = answers ? 0 : traits.ignoredMessages + 1
            case .closes(let command):
                // Another session may have had an answer since the request was sent.
                guard !traits.commands.answered.contains(command) else { return }
                let now = now()
                if let suspicion = traits.suspicions[command], !suspicion.holds(at: now) {
                    traits.suspicions[command]?.isProven = true
                } else if traits.suspicions[command] == nil {
                    traits.suspicions[command] = Suspicion(since: now)
                }
            }
        }
    }

    /// The addresses to try for a hop, in order.
    ///
    /// Resolved once, checked, and connected to as checked: a name that resolves differently a moment later changes
    /// nothing. Throws `UnreachableFailure`.
    func endpoints(of announced: ServerAddress) async throws(UnreachableFailure) -> [SocketAddress] {
        let target = configuration.rewritten(announced)
        // What the operator wrote down, as the backend or as a rewrite, needs no permission.
        let isNamedByOperator = announced == configuration.address || target != announced
        let policy = configuration.addressPolicy
        guard isNamedByOperator || policy.permits(port: target.port) else {
            throw UnreachableFailure(reason: .forbiddenAddress)
        }
        let found = await resolver.resolve(target)
        guard !found.isEmpty else { throw UnreachableFailure(reason: .unresolved) }
        if isNamedByOperator { return found }
        let own = await resolver.resolve(configuration.rewritten(configuration.address)).compactMap(IPAddress.init)
        let permitted = found.filter { endpoint in
            // By what the name resolved to, in whatever form it was written: decimal, hexadecimal, `localhost`.
            IPAddress(endpoint).map { policy.permits($0, port: target.port, ofBackendAt: own) } ?? false
        }
        guard !permitted.isEmpty else { throw UnreachableFailure(reason: .forbiddenAddress) }
        return permitted
    }
}
