import MSNPClient
import Synchronization

/// Loops for tests that don't mind who else is there; they end with the process.
enum TestLoops {
    private static let runtime: ClientRuntime = {
        do { return try ClientRuntime(loops: 2) } catch { fatalError("no loops: \(error)") }
    }()
    private static let taken = Atomic<Int>(0)

    /// One after the other.
    static func next() -> ClientLoop {
        runtime.loops[taken.wrappingAdd(1, ordering: .relaxed).oldValue % runtime.loops.count]
    }
}
