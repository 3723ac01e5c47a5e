/// Text from outside that is compared, hashed and sorted by its UTF-8 bytes.
///
/// Swift's `String` does all three by canonical equivalence. For combining marks its work grows with the square of the
/// length, so that whoever sends text chooses what it costs; and `é` in one scalar and in two are the same to it, but two
/// names to every peer. Whatever a peer or a caller sent is therefore held to its limit first and then compared as one of
/// these types; `String` is for what is shown.
///
/// Inlined into other modules, whose tables of people and parameters are made of such types.
///
/// A type that conforms stores its text and gets the rest from here. The bytes are those of a native Swift string, which
/// are contiguous.
package protocol BytewiseText: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text as it is shown.
    var text: String { get }
}

extension BytewiseText {
    /// Whether both are the same bytes.
    @inlinable
    package static func == (left: Self, right: Self) -> Bool {
        let (left, right) = (left.text.utf8, right.text.utf8)
        guard left.count == right.count else { return false }
        TextWork.note(left.count)
        return left.elementsEqual(right)
    }

    /// Whether the bytes of `left` come first.
    @inlinable
    package static func < (left: Self, right: Self) -> Bool {
        TextWork.note(min(left.text.utf8.count, right.text.utf8.count))
        return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        let bytes = text.utf8
        TextWork.note(bytes.count)
        // So that two texts side by side are not one.
        hasher.combine(bytes.count)
        // Native strings have contiguous storage, which is what comes from decoding bytes.
        let isHashed: Void? = unsafe bytes.withContiguousStorageIfAvailable {
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isHashed == nil { for byte in bytes { hasher.combine(byte) } }
    }

    package var description: String { text }
}
