extension ServerCommand {
    /// The list version that a change carries (protocol.md 4.4); nil for what changes no list and no setting, or leaves it out.
    package var listVersion: UInt32? {
        switch self {
        case .addPrompt(_, let version, _), .privacy(_, let version, _), .ownPhone(_, let version, _, _),
            .contactPhone(let version, _, _, _), .added(_, _, let version, _), .removed(_, _, let version, _),
            .renamed(_, let version, _):
            version
        case .dialects, .securityPackages, .signInChallenge, .signedIn, .referral, .clientVersion, .signedOut,
            .synchronization, .list, .ownPresence, .initialPresence, .presence, .offline, .pong, .challenge,
            .challengeAccepted, .service, .message, .alert, .page, .ring, .found, .mailSent,
            .invitationSent, .error:
            nil
        }
    }
}
