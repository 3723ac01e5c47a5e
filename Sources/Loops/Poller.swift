import CLinux
import Glibc

/// An epoll instance that names what it watches by numbers of the caller's; any thread may say what to watch.
///
/// Safe although epoll's events have room for a pointer: a number is all that is put there.
@safe package final class Poller: Sendable {
    /// Events taken from the kernel at a time; more wait for the next call.
    private static let batch = 256

    /// Something that has happened at a descriptor.
    struct Event {
        /// What it was watched by.
        let tag: UInt64
        /// What it is, in epoll's bits.
        let what: UInt32
    }

    /// Room for events, used again and again.
    @safe struct Room {
        fileprivate var raw: [epoll_event]
        /// What the last wait brought.
        fileprivate(set) var events: [Event] = []

        init() { unsafe raw = [epoll_event](repeating: epoll_event(), count: Poller.batch) }
    }

    private let descriptor: Descriptor

    init() throws(SystemCallError) {
        let number = epoll_create1(gw_epoll_flags)
        guard number >= 0 else { throw SystemCallError(call: "epoll_create1", code: errno) }
        descriptor = Descriptor(owning: number)
    }

    /// Watches a descriptor for `interest`, a mask of epoll's; events are reported with `tag`.
    func add(_ watched: Int32, for interest: UInt32, tag: UInt64) throws(SystemCallError) {
        try control(EPOLL_CTL_ADD, watched, interest, tag)
    }

    /// Watches a descriptor for something else than before.
    func change(_ watched: Int32, for interest: UInt32, tag: UInt64) throws(SystemCallError) {
        try control(EPOLL_CTL_MOD, watched, interest, tag)
    }

    /// Watches a descriptor no more; nothing happens if it isn't watched.
    func remove(_ watched: Int32) { try? control(EPOLL_CTL_DEL, watched, 0, 0) }

    private func control(
        _ operation: Int32, _ watched: Int32, _ interest: UInt32, _ tag: UInt64
    ) throws(SystemCallError) {
        var event = unsafe epoll_event()
        unsafe event.events = interest
        // A number, not one of the union's pointers, so that a late event can't reach freed memory.
        unsafe event.data.u64 = tag
        guard unsafe epoll_ctl(descriptor.number, operation, watched, &event) == 0 else {
            throw SystemCallError(call: "epoll_ctl", code: errno)
        }
    }

    /// Takes the events that there are; where there are none, and with `isPatient`, waits for some.
    func wait(isPatient: Bool, into room: inout Room) {
        let descriptor = descriptor.number
        // Writes no more events than there is room for. An error is a signal that came in between: no event then.
        let count = unsafe room.raw.withUnsafeMutableBufferPointer { events in
            unsafe epoll_wait(descriptor, events.baseAddress, Int32(events.count), isPatient ? -1 : 0)
        }
        room.events.removeAll(keepingCapacity: true)
        for index in 0..<max(0, Int(count)) {
            unsafe room.events.append(Event(tag: room.raw[index].data.u64, what: room.raw[index].events))
        }
    }
}
