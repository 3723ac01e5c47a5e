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
        var suspicions: [String: CloseSuspicion] = [:]
        /// When it lost sessions.
        var losses = BackendLosses()
        /// Messages in a row for which no `ACK` came in time.
        var ignoredMessages = 0

        var isAcknowledgementHopeless: Bool { ignoredMessages >= ConversationLimits.ignoredMessages }
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
            for (command, suspicion) in known.suspicions where suspicion.heldUntil(at: now) != nil {
                // Whether pings are sent all the same is for the operator to say.
                if command == Self.ping {
                    known.keepalive.insert(.closesOnPing)
                } else {
                    known.commands.forbidden.insert(command)
                }
            }
        }
        return known
    }

    private static let ping = OptionalCommand.ping.rawValue

    /// What it is not asked or not waited for at this moment, by command.
    package var restraints: [BackendRestraint] {
        let traits = traits.withLock { $0 }
        let now = now()
        var restraints = configuration.forbiddenCommands.map {
            BackendRestraint(command: $0, cause: .operator, remaining: nil)
        }
        for (command, suspicion) in traits.suspicions {
            guard let end = suspicion.heldUntil(at: now) else { continue }
            restraints.append(
                BackendRestraint(
                    command: command, cause: .closed, remaining: .nanoseconds((end - now).nanoseconds)))
        }
        if traits.keepalive.contains(.ignoresPing) {
            restraints.append(BackendRestraint(command: Self.ping, cause: .unanswered, remaining: nil))
        }
        if traits.isAcknowledgementHopeless {
            restraints.append(BackendRestraint(command: "MSG", cause: .unanswered, remaining: nil))
        }
        return restraints.sorted { ($0.command, $0.cause.rawValue) < ($1.command, $1.cause.rawValue) }
    }

    /// A session lost its connection, or was told to leave; the wave of losses that this belongs to.
    ///
    /// - Parameter tell: see `BackendLosses.note`.
    func noteLoss(of session: ObjectIdentifier, tell: @escaping @Sendable () -> Void) -> LossWave {
        let now = now()
        let wave = traits.withLock { $0.losses.note(session, at: now, tell: tell) }
        // Not under the lock: it may call somebody back.
        wave.add(session)
        return wave
    }

    /// Remembers what a session saw; where that was a close, `wave` are the losses of that moment.
    func learn(_ trait: BackendTrait, in wave: LossWave? = nil) {
        let now = now()
        traits.withLock { traits in
            switch trait {
            case .keepalive(.closesOnPing):
                traits.suspicions[Self.ping, default: CloseSuspicion()].note(at: now, in: wave)
            case .keepalive(let trait):
                traits.keepalive.insert(trait)
                if trait == .answersPing { traits.suspicions[Self.ping] = nil }
            case .answers(let command):
                traits.commands.answered.insert(command)
                // Whatever was thought of it: the close was of another making. What the operator said stays.
                traits.suspicions[command] = nil
            case .answersMessages(let answers): traits.ignoredMessages = answers ? 0 : traits.ignoredMessages + 1
            case .closes(let command):
                // Another session may have had an answer since the request was sent.
                guard !traits.commands.answered.contains(command) else { return }
                traits.suspicions[command, default: CloseSuspicion()].note(at: now, in: wave)
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
        // A rewrite of a host alone leaves the port to whoever refers, so that the gateway's own may be meant.
        if isNamedByOperator {
            let isOwn: (SocketAddress) -> Bool = { endpoint in
                IPAddress(endpoint).map { policy.ownListeners.isReached(at: $0, port: target.port) } ?? false
            }
            guard announced != configuration.address, found.contains(where: isOwn) else { return found }
            throw UnreachableFailure(reason: .forbiddenAddress)
        }
        let own = await resolver.resolve(configuration.rewritten(configuration.address)).compactMap(IPAddress.init)
        let permitted = found.filter { endpoint in
            // By what the name resolved to, in whatever form it was written: decimal, hexadecimal, `localhost`.
            IPAddress(endpoint).map { policy.permits($0, port: target.port, ofBackendAt: own) } ?? false
        }
        guard !permitted.isEmpty else { throw UnreachableFailure(reason: .forbiddenAddress) }
        return permitted
    }
}
