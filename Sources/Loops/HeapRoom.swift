import CLinux

/// Room for what is about to be kept on the calling thread's part of the heap.
package enum HeapRoom {
    /// Below what the allocator gets from the kernel by itself, and below what it gives back.
    private static let bytes = 96 << 10

    /// Has the heap grow now and at once, if it has no such room at its end.
    ///
    /// Nothing of it is touched, so that it is no memory yet. A session keeps some pages, for each of which the heap would else
    /// grow by itself: with thousands of sign-ins that was 9 µs of each.
    package static func make() { gw_grow_heap(bytes) }
}
