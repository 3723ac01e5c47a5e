import Glibc
import Locking

/// A thread of its own for what blocks.
final class StoreThread {
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Runs `body` on a new thread, which ends with it; 0 or an `errno`.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        let context = unsafe Unmanaged.passRetained(StoreThread(body))
        var handle = pthread_t()
        // Released by the thread, or below when there is none.
        let error = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let thread = unsafe Unmanaged<StoreThread>.fromOpaque(context).takeRetainedValue()
                thread.body()
                return nil
            }, context.toOpaque())
        // Whoever starts it is told of its end in another way than by joining it.
        if error == 0 { pthread_detach(handle) } else { unsafe context.release() }
        return error
    }
}

/// What one thread leaves for another, which takes it and then alone has it.
final class Handed<Value: Sendable>: Sendable {
    private let value: Locked<Value?>

    init(_ value: Value) { self.value = Locked(value) }

    /// What was left, the first time.
    func take() -> Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
