extension Setting {
    /// Those besides the limits: who may call and from where, and how much is logged.
    private static let changeable: Set<Setting> = [
        .publicHosts, .corsOrigins, .trustedProxies, .proxyHeader, .openSignIn, .logLevel,
    ]

    /// Whether it can change while the gateway runs, by `SIGHUP`.
    ///
    /// Of what the other settings decide, sockets, servers and files are open already.
    package var isChangeable: Bool { Self.changeable.contains(self) || components.first == "limits" }
}
