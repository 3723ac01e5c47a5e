import CLinux
import CMicroHTTPD
import Glibc
import Loops

/// What ends connections that the library can't get on with.
///
/// Version 0.9 reads no more where a line of a chunked body fills the connection's buffer, and says nothing: it has itself
/// run again without end, does nothing, and sees no longer whether the client has left. A request head that fills the
/// buffer it refuses, so that in practice this is about chunk lines and trailers; but nothing here depends on that.
extension Loop {
    /// Seconds after which the library closes a connection that is stuck; it knows no less.
    private static let stuckTimeout: UInt32 = 1

    /// Whether a daemon that is stuck is to be searched for who it is now.
    ///
    /// Those that were found keep the daemon busy until their time-out, and would make each other one look guilty. And a
    /// search that finds nobody is not made again at once.
    func mayExamine(_ daemon: Daemon) -> Bool {
        daemon.stuck == 0 && daemon.examinesAgain.map { now >= $0 } ?? true
    }

    /// Finds the connections of a daemon that are stuck, and ends them and no others; it takes milliseconds.
    func endStuck(in daemon: Daemon) {
        daemon.examinesAgain = now + Self.sweepInterval
        var suspended: Set<UInt64> = []
        let suspects = open.values.filter { $0.daemon == daemon.index }.map(\.id)
        let stuck = hold(suspects, among: &suspended) { suspended in
            findStuck(suspects[...], in: daemon, &suspended)
        }
        guard !stuck.isEmpty else { return }
        for id in stuck {
            guard let connection = open[id] else { continue }
            connection.isStuck = true
            daemon.stuck += 1
            counters.connectionStuck()
            // The client sees the end at once, and the library when it next looks for connections that are idle.
            shutdown(connection.descriptor, Int32(SHUT_RDWR))
        }
        // Resumed by this run, before which it takes no time-out.
        _ = daemon.isStuck()
        for id in stuck {
            guard let connection = open[id] else { continue }
            unsafe gw_set_idle_timeout(connection.raw, Self.stuckTimeout)
        }
    }

    /// Those of `group` that keep the daemon from coming to rest when nobody else runs; all of them are suspended, before
    /// and after.
    private func findStuck(
        _ group: ArraySlice<UInt64>, in daemon: Daemon, _ suspended: inout Set<UInt64>
    ) -> [UInt64] {
        release(group, from: &suspended)
        let isStuck = daemon.isStuck()
        suspend(group, into: &suspended)
        guard isStuck else { return [] }
        guard group.count > 1 else { return Array(group) }
        let middle = group.startIndex + group.count / 2
        return findStuck(group[..<middle], in: daemon, &suspended)
            + findStuck(group[middle...], in: daemon, &suspended)
    }

    /// Runs `body` while none of the connections is run, and lets them go on.
    private func hold<R>(
        _ group: [UInt64], among suspended: inout Set<UInt64>, _ body: (inout Set<UInt64>) -> R
    ) -> R {
        suspend(group[...], into: &suspended)
        let result = body(&suspended)
        release(group[...], from: &suspended)
        return result
    }

    /// Has the library leave connections alone; what waits or streams, and so is suspended already, stays so.
    private func suspend(_ group: ArraySlice<UInt64>, into suspended: inout Set<UInt64>) {
        for id in group {
            guard let connection = open[id], unsafe gw_is_suspended(connection.raw) == 0 else { continue }
            // Outside of a callback, which is sound where one thread alone runs the daemon, as here.
            unsafe MHD_suspend_connection(connection.raw)
            suspended.insert(id)
        }
    }

    private func release(_ group: ArraySlice<UInt64>, from suspended: inout Set<UInt64>) {
        for id in group where suspended.remove(id) != nil {
            guard let connection = open[id] else { continue }
            unsafe MHD_resume_connection(connection.raw)
        }
    }
}
