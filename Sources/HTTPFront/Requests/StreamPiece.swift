/// What a stream has to send next.
package enum StreamPiece: Sendable, Equatable {
    /// At least one byte.
    case bytes([UInt8])
    /// Nothing until `StreamSignal.wake`.
    case nothing
    /// Nothing ever: the body is whole.
    case end
}
