import HTTPFront

/// A poll that found nothing and waits.
struct ParkedPoll: Sendable {
    let request: ParkedRequest
    let filter: TypeFilter
    let limit: Int
    /// Everything up to here was examined.
    ///
    /// It moves on with events that the filter leaves out, so that filtering never makes a reader fall behind.
    var position: UInt64
    /// Something that it wants is there; it is answered with the next flush.
    var isDue = false
}
