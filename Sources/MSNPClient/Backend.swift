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

    struct Traits: Sendable {
        var keepalive: Set<KeepaliveTrait> = []
        var commands: CommandTraits
        /// Messages in a row for which no `ACK` came in time.
        var ignoredMessages = 0

        var isAcknowledgementHopeless: Bool { ignoredMessages >= ConversationLimits.ignoredMessages }
    }

    package init(_ configuration: BackendConfiguration, resolver: any AddressResolving = SystemResolver()) {
        self.configuration = configuration
        self.resolver = resolver
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
    var known: Traits { traits.withLock { $0 } }

    func learn(_ trait: BackendTrait) {
        traits.withLock { traits in
            switch trait {
            case .keepalive(let trait): traits.keepalive.insert(trait)
            case .answers(let command):
                traits.commands.answered.insert(command)
                // Whatever was thought of it: the close was of another making. What the operator said stays.
                if !configuration.forbiddenCommands.contains(command) { traits.commands.forbidden.remove(command) }
            case .answersMessages(let answers): traits.ignoredMessages = answers ? 0 : traits.ignoredMessages + 1
            case .closes(let command):
                // Another session may have had an answer since the request was sent.
                if !traits.commands.answered.contains(command) { traits.commands.forbidden.insert(command) }
            }
        }
    }

    /// The addresses to try for a hop, in order.
    ///
    /// Resolved once, checked, and connected to as checked: a name that resolves differently a moment later changes
    /// nothing. Throws `UnreachableFailure`.
    func endpoints(of announced: ServerAddress) async throws(UnreachableFailure) -> [SocketAddress] {
        let target = configuration.rewritten(announced)
        let found = await resolver.resolve(target)
        guard !found.isEmpty else { throw UnreachableFailure(reason: .unresolved) }
        // What the operator wrote down, as the backend or as a rewrite, needs no permission.
        if announced == configuration.address || target != announced { return found }
        let own = await resolver.resolve(configuration.rewritten(configuration.address)).compactMap(IPAddress.init)
        let permitted = found.filter { endpoint in
            IPAddress(endpoint).map { configuration.addressPolicy.permits($0, ofBackendAt: own) } ?? false
        }
        guard !permitted.isEmpty else { throw UnreachableFailure(reason: .forbiddenAddress) }
        return permitted
    }
}
