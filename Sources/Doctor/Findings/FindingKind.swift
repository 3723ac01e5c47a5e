/// What can be wrong, by the name that scripts know it by; docs/doctor.md has a row for each.
package enum FindingKind: String, CaseIterable, Sendable {
    // The machine.
    case settings
    case signInClosed = "sign-in-closed"
    case stateKeyInside = "state-key-inside"
    case descriptors
    case stateDirectory = "state-directory"
    case stateDirectoryMode = "state-directory-mode"
    case stateDamaged = "state-damaged"
    case stateOnShare = "state-on-share"
    case diskLow = "disk-low"

    // Each backend.
    case backendUnreachable = "backend-unreachable"
    case backendProtocol = "backend-protocol"
    case backendLosesCommands = "backend-loses-commands"
    case backendOneCommand = "backend-one-command"
    case backendSignIn = "backend-sign-in"
    case backendCommand = "backend-command"

    // The way through the public URL.
    case unreachable
    case notGateway = "not-a-gateway"
    case tlsMissing = "tls-missing"
    case tlsExpired = "tls-expired"
    case tlsExpiresSoon = "tls-expires-soon"
    case tlsName = "tls-name"
    case tlsUntrusted = "tls-untrusted"
    case tlsFailed = "tls-failed"
    case hostRefused = "host-refused"
    case hostChanged = "host-changed"
    case clockSkew = "clock-skew"
    case corsMissing = "cors-missing"
    case keyRefused = "key-refused"
    case signInRefused = "sign-in-refused"
    case proxyTimeout = "proxy-timeout"
    case proxyBuffering = "proxy-buffering"
    case webhookRefused = "webhook-refused"
    case webhookFailed = "webhook-failed"

    /// How much it matters.
    package var severity: Severity {
        switch self {
        case .backendOneCommand: .notice
        case .stateKeyInside, .descriptors, .stateDirectoryMode, .stateOnShare, .diskLow, .backendCommand, .tlsMissing,
            .tlsExpiresSoon, .clockSkew:
            .warning
        case .settings, .signInClosed, .stateDirectory, .stateDamaged, .backendUnreachable, .backendProtocol,
            .backendLosesCommands, .backendSignIn, .unreachable, .notGateway, .tlsExpired, .tlsName, .tlsUntrusted,
            .tlsFailed, .hostRefused, .hostChanged, .corsMissing, .keyRefused, .signInRefused, .proxyTimeout,
            .proxyBuffering, .webhookRefused, .webhookFailed:
            .error
        }
    }

    /// What is wrong, in a sentence.
    package var sentence: String {
        switch self {
        case .settings: "The gateway would not start with these settings."
        case .signInClosed: "Nobody can sign in: there are no API keys, and signing in without one is closed."
        case .stateKeyInside: "The key that seals passwords lies beside the passwords that it seals."
        case .descriptors: "The process may open too few files."
        case .stateDirectory: "The state directory can't be used."
        case .stateDirectoryMode: "Others can look into the state directory."
        case .stateDamaged: "The state is damaged."
        case .stateOnShare: "The state directory is on a network share, where locks and flushes can't be relied on."
        case .diskLow: "The disk of the state directory has little room left."
        case .backendUnreachable: "The backend can't be reached."
        case .backendProtocol: "What answers at the backend's address does not speak a dialect of ours."
        case .backendLosesCommands: "The backend takes one command for each read, and is set to pipelines."
        case .backendOneCommand: "The backend takes one command for each read, and loses what comes with it."
        case .backendSignIn: "The test account can't sign in."
        case .backendCommand: "The backend does not answer a command that it is sent."
        case .unreachable: "Nothing answers at the URL."
        case .notGateway: "What answers at the URL is not the gateway."
        case .tlsMissing: "Passwords and texts go over the network in clear."
        case .tlsExpired: "The certificate is not valid at this time."
        case .tlsExpiresSoon: "The certificate expires soon."
        case .tlsName: "The certificate is for another name."
        case .tlsUntrusted: "The certificate is from nobody who is trusted here."
        case .tlsFailed: "There is no TLS connection to be had."
        case .hostRefused: "The gateway refuses the name that it is called by."
        case .hostChanged:
            "The gateway hears another name than the caller used, so that its own pages count as another's."
        case .clockSkew: "The clocks of the two machines differ."
        case .corsMissing: "Pages of an origin that should may not call the gateway."
        case .keyRefused: "The gateway does not know the API key."
        case .signInRefused: "The test account can't sign in through the URL."
        case .proxyTimeout: "What stands before the gateway cuts polls off."
        case .proxyBuffering: "What stands before the gateway keeps the events of streams back."
        case .webhookRefused: "The gateway may not send webhooks to the address."
        case .webhookFailed: "A webhook does not arrive."
        }
    }
}
