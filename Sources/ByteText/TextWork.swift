import Synchronization

/// Counts the bytes that comparing, hashing and folding have looked at, so that tests can say that it is linear without
/// looking at a clock.
///
/// Only builds with `COUNTS_TEXT_WORK` count, which are those for debugging; in others a note costs nothing.
public final class TextWork: Sendable {
    #if COUNTS_TEXT_WORK
        @TaskLocal private static var current: TextWork?
    #endif
    private let counted = Atomic<Int>(0)

    private init() {}

    /// Says that a comparison or the like is about to look at so many bytes, where other modules compare on their own.
    @inline(__always)
    public static func note(_ bytes: Int) {
        #if COUNTS_TEXT_WORK
            current?.counted.wrappingAdd(bytes, ordering: .relaxed)
        #endif
    }

    #if COUNTS_TEXT_WORK
        /// The bytes looked at while `body` runs, by it and by tasks that it begins.
        public static func bytes<Failure: Error>(of body: () throws(Failure) -> Void) throws(Failure) -> Int {
            let work = TextWork()
            let result: Result<Void, Failure> = $current.withValue(work) {
                do throws(Failure) {
                    return .success(try body())
                } catch {
                    return .failure(error)
                }
            }
            try result.get()
            return work.counted.load(ordering: .relaxed)
        }
    #endif
}
