import CLinux
import Glibc

/// Has a poller come round at a time.
///
/// A wait with a time-out of its own has the kernel set and take back a timer each time, 0.7 µs, while the earliest deadline is
/// mostly what it was: this timer stays set, and goes off too early now and then for one that was cancelled.
struct Alarm: ~Copyable {
    private let descriptor: Descriptor
    /// When it goes off; nil where it does not.
    private(set) var time: MonotonicInstant?

    /// An alarm that a poller reports with `tag`.
    init(on poller: Poller, tag: UInt64) throws(SystemCallError) {
        // What is due when the machine has slept is due at once.
        let number = timerfd_create(gw_monotonic_clock, gw_alarm_flags)
        guard number >= 0 else { throw SystemCallError(call: "timerfd_create", code: errno) }
        let descriptor = Descriptor(owning: number)
        try poller.add(number, for: gw_readable, tag: tag)
        self.descriptor = descriptor
    }

    /// Has it go off at the time at the latest; to the microsecond, as milliseconds would be a good part of what an event takes.
    mutating func set(for deadline: MonotonicInstant) {
        if let time, time <= deadline { return }
        time = deadline
        // A time of the clock, not one from now: between a look at it and the call the process may be stopped for long. Nothing
        // would take the alarm back.
        let due = max(1, deadline.nanoseconds)
        let (seconds, rest) = due.quotientAndRemainder(dividingBy: 1_000_000_000)
        var setting = itimerspec()
        setting.it_value = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest))
        // Reads the structure; it fails for no time that there is.
        unsafe timerfd_settime(descriptor.number, gw_alarm_is_absolute, &setting, nil)
    }

    /// Takes note that the poller has reported it.
    mutating func wentOff() {
        var count: UInt64 = 0
        // Or it would be reported again. Writes eight bytes, or none where it was set anew meanwhile.
        unsafe _ = read(descriptor.number, &count, MemoryLayout.size(ofValue: count))
        time = nil
    }
}
