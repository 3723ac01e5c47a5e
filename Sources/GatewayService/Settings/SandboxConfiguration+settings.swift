package import MSNP
package import MSNPSandbox

extension MSNPSandbox.Configuration {
    /// How many extra accounts can be asked for: ten times what one gateway can sign in.
    package static let extraAccountRange = 0...100_000

    /// For messages about a dialect that isn't one.
    package static var dialectNames: String {
        "one of " + Dialect.allCases.map(\.name).joined(separator: ", ")
    }

    /// Host and port of the dispatch server as they are asked for.
    package var dispatchAddress: ServerAddress {
        ServerAddress(host: host, port: UInt16(exactly: port) ?? ServerAddress.defaultPort)
    }
}
