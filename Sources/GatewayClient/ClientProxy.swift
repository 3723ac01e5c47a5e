/// What calls of a gateway go through; no description shows its address, which may have a password in it.
public enum ClientProxy: Hashable, Sendable {
    /// Nothing, whatever the environment says.
    case direct
    /// What `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy` say, as for `curl`.
    ///
    /// A gateway at `localhost`, in 127.0.0.0/8 or at `[::1]` is asked directly, as no proxy elsewhere has a way to it.
    case environment
    /// This one, `http://10.0.0.1:3128`, whatever the environment says.
    case address(String)
}

extension ClientProxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says where the proxy is said, and no more.
    public var description: String {
        switch self {
        case .direct: "ClientProxy.direct"
        case .environment: "ClientProxy.environment"
        case .address: "ClientProxy.address(hidden)"
        }
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
