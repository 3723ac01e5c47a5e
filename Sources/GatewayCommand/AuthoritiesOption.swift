import ArgumentParser

/// Whom a command trusts to vouch for a gateway, where it is told.
struct AuthoritiesOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Certificates, in PEM, of those who may vouch for the gateway instead of the system's authorities.",
            valueName: "file"),
        completion: .file())
    var authorities: String?
}
