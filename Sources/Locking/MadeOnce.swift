import Synchronization

/// A part of an object that is made when somebody first asks for it: most sessions never need each of theirs.
///
/// Any thread may ask; where two do so at once, both get the one that is kept.
public struct MadeOnce<Part: AnyObject & Sendable>: ~Copyable, Sendable {
    private let reference = AtomicLazyReference<Part>()

    /// Nothing is made yet.
    public init() {}

    /// The part, where somebody has asked for it; else nil.
    public var made: Part? { reference.load() }

    /// The part, made now where it is not there.
    public func get(_ make: () -> Part) -> Part { reference.load() ?? reference.storeIfNil(make()) }
}
