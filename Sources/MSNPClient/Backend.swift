import Locking
import Loops
package import MSNP
import Synchronization

/// A backend, and what its sessions have learned of it in this process.
package final class Backend: Sendable {
    package let configuration: BackendConfiguration
    private let resolver: any AddressResolving
    /// Limits the sign-ins at one time.
    package let signInSemaphore: SignInSemaphore
    /// How long its sessions wait: one copy for all of them, as it is 700 bytes.
    let timeouts: Shared<FlowTimeouts>
    let conversationTimeouts: Shared<ConversationTimeouts>
    /// Counts the traffic, for the metrics.
    package let traffic = BackendTraffic()
    private let traits: Locked<Traits>
    private let now: @Sendable () -> MonotonicInstant
    /// Counts what is learned, so that sessions ask again when there is something new.
    private let lessons = Atomic<UInt64>(1)
    /// Whether what is known changes with time, too: a server has closed on a command.
    private let isTimely = Atomic(false)

    struct Traits: Sendable {
        var keepalive: Set<KeepaliveTrait> = []
        /// The commands that the operator has excluded, and those that were answered.
        var commands: CommandTraits
        var unsupportedCommands = UnsupportedCommandDetector()
        /// The recent losses of sessions.
        var losses = BackendLosses()
        /// Messages in a row that got no `ACK` in time.
        var ignoredMessages = 0

        var isAcknowledgementHopeless: Bool { ignoredMessages >= ConversationLimits.ignoredMessages }
    }

    package convenience init(
        _ configuration: BackendConfiguration, resolver: any AddressResolving = SystemResolver()
    ) {
        self.init(configuration, resolver: resolver, now: { .now })
    }

    init(
        _ configuration: BackendConfiguration, resolver: any AddressResolving = SystemResolver(),
        now: @escaping @Sendable () -> MonotonicInstant
    ) {
        self.configuration = configuration
        self.resolver = resolver
        self.now = now
        timeouts = Shared(configuration.timeouts)
        var conversationTimeouts = configuration.conversationTimeouts
        conversationTimeouts.pause = configuration.pause
        self.conversationTimeouts = Shared(conversationTimeouts)
        signInSemaphore = SignInSemaphore(
            limit: configuration.signInsInFlight, perSecond: configuration.signInsPerSecond, now: now)
        traits = Locked(Traits(commands: CommandTraits(forbidden: configuration.forbiddenCommands)))
    }

    /// The operator's name for it.
    package var name: String { configuration.name }

    /// What it was seen to do on pings.
    package var keepaliveTraits: Set<KeepaliveTrait> { known.keepalive }

    /// The commands that it does not support, by what the operator said and by what its sessions saw.
    package var forbiddenCommands: Set<String> { known.commands.forbidden }

    /// Everything that is known of it at this moment.
    var known: Traits {
        var known = traits.withLock { $0 }
        guard !known.unsupportedCommands.isEmpty else { return known }
        for command in known.unsupportedCommands.unsupported(at: now()).keys {
            // The operator decides whether pings are sent all the same.
            if command == Self.ping {
                known.keepalive.insert(.closesOnPing)
            } else {
                known.commands.forbidden.insert(command)
            }
        }
        return known
    }

    /// Everything that is known where that may be something else than at the lesson of that number; nil where it isn't.
    ///
    /// Sessions ask with each frame, and a copy takes references to collections that those of all loops share.
    ///
    /// - Parameter lesson: 0 for a session that knows nothing; becomes the latest.
    func news(since lesson: inout UInt64) -> Traits? {
        // Before the other, which is set before this is counted.
        let latest = lessons.load(ordering: .acquiring)
        guard latest != lesson || isTimely.load(ordering: .acquiring) else { return nil }
        lesson = latest
        return known
    }

    private static let ping = OptionalCommand.ping.rawValue

    /// The commands that it does not support at this moment, as far as is known; sorted by their names.
    package var unsupportedCommands: [UnsupportedCommand] {
        let traits = traits.withLock { $0 }
        let now = now()
        var commands = configuration.forbiddenCommands.map {
            UnsupportedCommand(command: $0, cause: .operator, remaining: nil)
        }
        for (command, end) in traits.unsupportedCommands.unsupported(at: now) {
            commands.append(
                UnsupportedCommand(
                    command: command, cause: .closed, remaining: end - now))
        }
        if traits.keepalive.contains(.ignoresPing) {
            commands.append(UnsupportedCommand(command: Self.ping, cause: .unanswered, remaining: nil))
        }
        if traits.isAcknowledgementHopeless {
            commands.append(UnsupportedCommand(command: "MSG", cause: .unanswered, remaining: nil))
        }
        return commands.sorted { ($0.command, $0.cause.rawValue) < ($1.command, $1.cause.rawValue) }
    }

    /// A session lost its connection, or was told to leave; returns the wave of losses that this belongs to.
    ///
    /// - Parameter tell: see `BackendLosses.note`.
    func noteLoss(of session: ObjectIdentifier, tell: @escaping @Sendable () -> Void) -> LossWave {
        let now = now()
        let wave = traits.withLock { $0.losses.note(session, at: now, tell: tell) }
        // Outside the lock, because it may call another session back.
        wave.add(session)
        return wave
    }

    /// Records what a session saw; if that was a close, `wave` holds the losses of that moment.
    func learn(_ trait: BackendTrait, in wave: LossWave? = nil) {
        let now = now()
        traits.withLock { traits in
            defer {
                isTimely.store(!traits.unsupportedCommands.isEmpty, ordering: .releasing)
                lessons.wrappingAdd(1, ordering: .releasing)
            }
            switch trait {
            case .keepalive(.closesOnPing):
                traits.unsupportedCommands.recordClose(on: Self.ping, at: now, in: wave)
            case .keepalive(let trait):
                traits.keepalive.insert(trait)
                if trait == .answersPing { traits.unsupportedCommands.recordAnswer(to: Self.ping) }
            case .answers(let command):
                traits.commands.answered.insert(command)
                // What the operator said stays.
                traits.unsupportedCommands.recordAnswer(to: command)
            case .answersMessages(let answers): traits.ignoredMessages = answers ? 0 : traits.ignoredMessages + 1
            case .closes(let command):
                // Another session may have had an answer since the request was sent.
                guard !traits.commands.answered.contains(command) else { return }
                traits.unsupportedCommands.recordClose(on: command, at: now, in: wave)
            }
        }
    }

    /// The addresses to try for a hop, in order.
    ///
    /// Resolved once, checked, and connected to as checked: a name that resolves differently a moment later changes
    /// nothing. Throws `UnreachableFailure`.
    func endpoints(of announced: ServerAddress) async throws(UnreachableFailure) -> [TCPEndpoint] {
        let hop = try hop(to: announced)
        let found = await resolver.resolve(hop.target)
        guard !found.isEmpty else { throw UnreachableFailure(reason: .unresolved) }
        let own = hop.isNamedByOperator ? [] : await resolver.resolve(ownTarget)
        return try permitted(found, hop, ofBackendAt: own)
    }

    /// The same at once, where no name has to be looked up; nil where one has.
    ///
    /// A task for what needs no wait cost a sign-in 8 allocations, 4 kB and 5 µs.
    func knownEndpoints(of announced: ServerAddress) throws(UnreachableFailure) -> [TCPEndpoint]? {
        let hop = try hop(to: announced)
        guard let found = resolver.known(hop.target), !found.isEmpty else { return nil }
        guard let own = hop.isNamedByOperator ? [] : resolver.known(ownTarget) else { return nil }
        return try permitted(found, hop, ofBackendAt: own)
    }

    /// Where a connection leads.
    private struct Hop {
        let announced: ServerAddress
        let target: ServerAddress
        /// An address from the configuration, as the backend or as a rewrite, needs no permission.
        let isNamedByOperator: Bool
    }

    private func hop(to announced: ServerAddress) throws(UnreachableFailure) -> Hop {
        let target = configuration.rewritten(announced)
        let hop = Hop(
            announced: announced, target: target,
            isNamedByOperator: announced == configuration.address || target != announced)
        guard hop.isNamedByOperator || configuration.addressPolicy.permits(port: target.port) else {
            throw UnreachableFailure(reason: .forbiddenAddress)
        }
        return hop
    }

    private var ownTarget: ServerAddress { configuration.rewritten(configuration.address) }

    private func permitted(
        _ found: [TCPEndpoint], _ hop: Hop, ofBackendAt own: [TCPEndpoint]
    ) throws(UnreachableFailure) -> [TCPEndpoint] {
        let (policy, port) = (configuration.addressPolicy, hop.target.port)
        // A rewrite of a host alone leaves the port to the server that refers us, which may name the gateway's own.
        if hop.isNamedByOperator {
            let isOwn: (TCPEndpoint) -> Bool = { policy.ownListeners.isReached(at: IPAddress($0), port: port) }
            guard hop.announced != configuration.address, found.contains(where: isOwn) else { return found }
            throw UnreachableFailure(reason: .forbiddenAddress)
        }
        let own = own.map { IPAddress($0) }
        let permitted = found.filter { endpoint in
            // Checked as resolved, however the name was written: decimal, hexadecimal, `localhost`.
            policy.permits(IPAddress(endpoint), port: port, ofBackendAt: own)
        }
        guard !permitted.isEmpty else { throw UnreachableFailure(reason: .forbiddenAddress) }
        return permitted
    }
}
