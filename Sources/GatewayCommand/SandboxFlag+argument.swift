import ArgumentParser
import GatewayService
import MSNP

extension SandboxFlag: ExpressibleByArgument {
    /// Whether it is a port is for the settings to say, which know the flag's other sources too.
    public init?(argument: String) { self = .port(argument) }
}

extension SandboxFlag: CustomStringConvertible {
    /// For the help.
    public var description: String {
        switch self {
        case .alone: "\(ServerAddress.defaultPort)"
        case .port(let port): port
        }
    }
}
