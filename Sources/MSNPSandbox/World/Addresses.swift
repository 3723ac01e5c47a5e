package import MSNP

/// The servers to which clients are referred, as one client can reach them.
package struct Addresses: Equatable, Sendable {
    package let notification: ServerAddress
    package let switchboard: ServerAddress

    package init(notification: ServerAddress, switchboard: ServerAddress) {
        self.notification = notification
        self.switchboard = switchboard
    }
}
