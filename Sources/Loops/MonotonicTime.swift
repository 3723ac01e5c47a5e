import CLinux
import Glibc

/// Time for whoever counts in nanoseconds.
package enum MonotonicTime {
    /// Nanoseconds since some moment before the process began.
    package static var nanoseconds: Int64 {
        var time = timespec()
        // Writes the structure; it fails for no clock that there is.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
