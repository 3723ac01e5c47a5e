import CMicroHTTPD
import Glibc

/// An epoll instance that names what it watches by numbers of the caller's.
///
/// Safe although epoll's events have room for a pointer: a number is all that is put there.
@safe struct Poller: ~Copyable {
    /// Events taken from the kernel at a time; more wait for the next call.
    private static let batch = 256

    private let descriptor: Descriptor
    private var events: [epoll_event]

    init() throws(HTTPServerError) {
        let number = epoll_create1(gw_epoll_flags)
        guard number >= 0 else { throw .system(call: "epoll_create1", code: errno) }
        descriptor = Descriptor(owning: number)
        unsafe events = [epoll_event](repeating: epoll_event(), count: Self.batch)
    }

    /// Watches a descriptor for `interest`, a mask of epoll's; events are reported with `tag`.
    func add(_ watched: Int32, for interest: UInt32, tag: UInt64) throws(HTTPServerError) {
        var event = unsafe epoll_event()
        unsafe event.events = interest
        // A number, not one of the union's pointers, so that a late event can't reach freed memory.
        unsafe event.data.u64 = tag
        guard unsafe epoll_ctl(descriptor.number, EPOLL_CTL_ADD, watched, &event) == 0 else {
            throw .system(call: "epoll_ctl", code: errno)
        }
    }

    /// Watches a descriptor no more; nothing happens if it isn't watched.
    func remove(_ watched: Int32) {
        var unused = unsafe epoll_event()
        unsafe epoll_ctl(descriptor.number, EPOLL_CTL_DEL, watched, &unused)
    }

    /// Waits for events, at most `milliseconds` (for ever if negative), and appends their tags.
    mutating func wait(milliseconds: Int32, into tags: inout [UInt64]) {
        let descriptor = descriptor.number
        // Writes no more events than there is room for. An error is a signal that came in between: no event then.
        let count = unsafe events.withUnsafeMutableBufferPointer { events in
            unsafe epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds)
        }
        for index in 0..<max(0, Int(count)) { unsafe tags.append(events[index].data.u64) }
    }
}
