package import MSNP

/// What is to be done with a connection; those of one connection are to be done in order.
package struct Delivery: Equatable, Sendable {
    /// What is to be done.
    package enum Action: Equatable, Sendable {
        case send(Frame)
        /// Bytes that are no frame, for faults.
        case sendBytes([UInt8])
        /// Ends the connection once all of the above has been sent.
        case close
        /// Ends the connection now.
        case drop
    }

    package let connection: ConnectionID
    package let action: Action
}
