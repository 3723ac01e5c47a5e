private import Glibc

/// Wakes one thread that waits for something to do.
///
/// A ring that comes while nobody waits is not lost: the next wait returns at once, and takes all rings up to then.
///
/// Safe although it stores pointers: only this type sees them, they are valid from `init` to `deinit`, and a class has one
/// owner of them. `hasRung` is read and written with the mutex held only; for that and because POSIX mutexes and conditions
/// are made for threads it is `@unchecked Sendable`.
@safe public final class Doorbell: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var hasRung = false

    public init() {
        // On the heap because neither may move once it is made. None of the calls can fail on memory that is there.
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        // A wait's end must not move with the time of day.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
        unsafe self.mutex = mutex
        unsafe self.condition = condition
    }

    /// Wakes whoever waits, or comes to wait next.
    public func ring() {
        unsafe pthread_mutex_lock(mutex)
        hasRung = true
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Returns when it has rung, or after so long; whether it has rung.
    @discardableResult
    public func wait(atMost duration: Duration) -> Bool {
        var end = timespec()
        // Fills the structure and keeps nothing.
        unsafe clock_gettime(CLOCK_MONOTONIC, &end)
        let (seconds, attoseconds) = duration.components
        end.tv_sec += Int(seconds)
        end.tv_nsec += Int(attoseconds / 1_000_000_000)
        if end.tv_nsec >= 1_000_000_000 {
            end.tv_sec += 1
            end.tv_nsec -= 1_000_000_000
        }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        // The mutex is held, as the call wants it, and is held again when it returns.
        while !hasRung, unsafe pthread_cond_timedwait(condition, mutex, &end) == 0 {}
        defer { hasRung = false }
        return hasRung
    }

    // The one owner is the last user, so nobody waits.
    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }
}
