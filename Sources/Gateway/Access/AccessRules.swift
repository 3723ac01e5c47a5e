/// Who may call, under which names and from where, as the operator has it now.
///
/// One object, which each request looks at: others are other rules.
final class AccessRules: Sendable {
    let hosts: HostPolicy
    let origins: OriginPolicy
    let sharing: CrossOriginSharing
    let signIn: SignInPolicy
    let clients: ClientAddressResolver

    init(_ configuration: GatewayConfiguration) {
        hosts = HostPolicy(publicHosts: configuration.publicHosts)
        origins = OriginPolicy(listed: configuration.corsOrigins)
        sharing = CrossOriginSharing(listed: configuration.corsOrigins)
        signIn = SignInPolicy(configuration)
        clients = ClientAddressResolver(configuration)
    }
}
