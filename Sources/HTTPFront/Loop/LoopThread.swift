import CMicroHTTPD
import Glibc

/// The thread of a loop.
final class LoopThread {
    private let loop: Loop
    private let name: String
    private let ending: CountdownLatch

    private init(_ loop: Loop, _ name: String, _ ending: CountdownLatch) {
        self.loop = loop
        self.name = name
        self.ending = ending
    }

    /// Runs `loop`, which the caller must not touch again, on a thread of its own.
    ///
    /// Returns 0 or an `errno`.
    static func start(_ loop: Loop, named name: String, _ ending: CountdownLatch) -> Int32 {
        var attributes = pthread_attr_t()
        // Neither fails on Linux. Detached, because `ending` tells all that a join would.
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { unsafe pthread_attr_destroy(&attributes) }
        let thread = LoopThread(loop, name, ending)
        // Released by the thread, or below when there is none.
        let context = unsafe Unmanaged.passRetained(thread)
        var handle = pthread_t()
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
            guard let context = unsafe context else { return nil }
            // When the loop and all it holds are gone.
            unsafe LoopThread.run(context).threadEnded()
            return nil
        }
        let error = unsafe pthread_create(&handle, &attributes, entry, context.toOpaque())
        if error != 0 { unsafe context.release() }
        return error
    }

    private static func run(_ context: UnsafeMutableRawPointer) -> CountdownLatch {
        // Balances `start`.
        let thread = unsafe Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue()
        unsafe pthread_setname_np(pthread_self(), thread.name)
        thread.loop.run()
        return thread.ending
    }
}
