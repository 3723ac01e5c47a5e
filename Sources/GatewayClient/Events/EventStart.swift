/// Where a loop over events begins.
public enum EventStart: Hashable, Sendable {
    /// With all that is known now, and then what comes; a gap brings all that is known then.
    case snapshot
    /// With what comes next.
    case now
    /// With the oldest event that is kept.
    case oldest
    /// After a position that was kept.
    case after(Cursor)
    /// Where the gateway knows that a reader of this name was; one that it does not know begins with the oldest event.
    ///
    /// What the loop has handed out is acknowledged when it is asked for what follows, so a reader that dies gets again what it
    /// had not finished with.
    case consumer(String)
}
