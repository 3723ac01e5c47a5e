import HTTPFront

/// Somebody who reads a session's journal as a stream: a place in it, and nothing else.
struct StreamReader: Sendable {
    let signal: StreamSignal
    let filter: TypeFilter
    /// Everything up to here was examined.
    var position: UInt64
    /// The position of the last ID that the reader was sent.
    var told: UInt64
    /// What it has to be told before anything else.
    var gap: GapNotice?
}
