import CLinux
import Glibc

/// A thread of its own, for loops and for whoever else waits in system calls.
package enum LoopThread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Runs `body` on a thread of its own, of which nobody hears but by what `body` does.
    ///
    /// Throws when there is no thread to be had; `body` is then not run.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        var attributes = pthread_attr_t()
        // Neither fails on Linux. Detached, because whoever wants to know of the end is told of it by `body`.
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { unsafe pthread_attr_destroy(&attributes) }
        // Released by the thread, or below when there is none.
        let context = unsafe Unmanaged.passRetained(Body(name, body))
        var handle = pthread_t()
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
            guard let context = unsafe context else { return nil }
            // Balances `start`.
            let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
            unsafe pthread_setname_np(pthread_self(), body.name)
            body.run()
            return nil
        }
        let error = unsafe pthread_create(&handle, &attributes, entry, context.toOpaque())
        guard error == 0 else {
            unsafe context.release()
            throw SystemCallError(call: "pthread_create", code: error)
        }
    }
}
