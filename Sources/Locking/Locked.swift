public import Glibc

/// A value that one thread at a time can reach, behind a POSIX mutex.
///
/// Not `Synchronization.Mutex`: on Linux that is a priority-inheriting futex which, when threads compete, the kernel hands
/// over by writing the next owner itself. The thread sanitizer sees no acquire in that and reports each use as a race;
/// a suppression would hide the real ones. It knows POSIX mutexes.
///
/// Safe although it stores pointers: only this type sees them, they are valid from `init` to `deinit`, the value is reached
/// with the mutex held only, and because the type can't be copied both are freed once. For the same reasons, and because
/// the value is itself `Sendable`, any thread may use it (`@unchecked Sendable`).
///
/// Inlined into other modules, which else would call it through pointers for each value and each closure: it is on the way
/// of each request and each event, a dozen times.
@safe public struct Locked<Value: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
    @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
    @usableFromInline let value: UnsafeMutablePointer<Value>

    /// A mutex that nobody holds, and the value behind it.
    @inlinable
    public init(_ value: consuming Value) {
        // On the heap because a mutex may not move once it is made, and a Swift value may; in one piece, as each session has
        // half a dozen.
        let alignment = MemoryLayout<Value>.alignment
        let offset = unsafe (MemoryLayout<pthread_mutex_t>.size + alignment - 1) / alignment * alignment
        let memory = unsafe UnsafeMutableRawPointer.allocate(
            byteCount: offset + MemoryLayout<Value>.size,
            alignment: max(alignment, MemoryLayout<pthread_mutex_t>.alignment))
        let mutex = unsafe memory.initializeMemory(as: pthread_mutex_t.self, to: pthread_mutex_t())
        let made = unsafe pthread_mutex_init(mutex, nil)
        precondition(made == 0, "pthread_mutex_init: \(made)")
        let storage = unsafe (memory + offset).bindMemory(to: Value.self, capacity: 1)
        unsafe storage.initialize(to: value)
        unsafe self.mutex = mutex
        unsafe self.value = storage
    }

    /// Runs `body` with the value to itself; throws what it throws.
    ///
    /// It must not come back to the same lock: a POSIX mutex held twice by one thread never opens again.
    @inlinable
    package borrowing func withLock<R: ~Copyable, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
        // Neither call can fail on a mutex that is valid and, on the way out, held by this thread.
        let locked = unsafe pthread_mutex_lock(mutex)
        precondition(locked == 0, "pthread_mutex_lock: \(locked)")
        defer {
            let unlocked = unsafe pthread_mutex_unlock(mutex)
            precondition(unlocked == 0, "pthread_mutex_unlock: \(unlocked)")
        }
        // Initialized in `init`, and nobody else's while the mutex is held.
        return try unsafe body(&value.pointee)
    }

    // The one owner is the last user, so the mutex is free.
    @inlinable
    deinit {
        unsafe value.deinitialize(count: 1)
        unsafe pthread_mutex_destroy(mutex)
        // The piece begins with the mutex.
        unsafe UnsafeMutableRawPointer(mutex).deallocate()
    }
}
