public import Glibc

/// Which of two runs of bytes comes first.
public enum ByteOrder {
    /// Negative where `left` comes first, 0 where both are the same bytes, and else positive.
    ///
    /// Nearly all texts lie in one piece, and the C library compares those many bytes at a time. An iterator takes them one by
    /// one: it was a thirtieth of what an event or a sign-in costs.
    @inlinable public static func compare(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Int {
        let order: Int?? = left.withContiguousStorageIfAvailable { left in
            right.withContiguousStorageIfAvailable { right in
                // Both pointers are valid for as many bytes as `memcmp` may look at; without any there need not be one.
                guard let one = left.baseAddress, let other = right.baseAddress else {
                    return left.count - right.count
                }
                let order = Int(unsafe memcmp(one, other, min(left.count, right.count)))
                return order == 0 ? left.count - right.count : order
            }
        }
        if case .some(.some(let order)) = order { return order }
        if left.elementsEqual(right) { return 0 }
        return left.lexicographicallyPrecedes(right) ? -1 : 1
    }
}
