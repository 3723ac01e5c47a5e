import Locking
package import MSNP
import Synchronization

/// Where somebody may watch the frames of a session's connections.
///
/// Whoever owns a connection calls `sent` and `received` for each frame. While nobody watches, that costs one relaxed load.
package final class WireTap: Sendable {
    /// Gets each frame, on the connection's event loop: it copies what it wants and returns.
    package typealias Watcher = @Sendable (Direction, Frame, WireConnection) -> Void

    /// Who watches, with its lock: most connections are never watched.
    private final class Watched: Sendable {
        let watcher = Locked<Watcher?>(nil)
    }

    private let watched = Atomic(false)
    private let madeWatched = MadeOnce<Watched>()

    package init() {}

    /// Whether somebody watches; while nobody does, a frame costs this look alone.
    package var isWatched: Bool { watched.load(ordering: .relaxed) }

    /// Sets who watches from now on; nil for nobody.
    package func watch(_ watcher: Watcher?) {
        guard watcher != nil || isWatched else { return }
        madeWatched.get { Watched() }.watcher.withLock { $0 = watcher }
        // Relaxed: a frame sooner or later is all the difference.
        watched.store(watcher != nil, ordering: .relaxed)
    }

    /// The gateway has sent a frame.
    package func sent(_ frame: Frame, connection: WireConnection) {
        if isWatched { tell(.fromClient, frame, connection) }
    }

    /// The server has sent a frame.
    package func received(_ frame: Frame, connection: WireConnection) {
        if isWatched { tell(.fromServer, frame, connection) }
    }

    private func tell(_ direction: Direction, _ frame: Frame, _ connection: WireConnection) {
        madeWatched.made?.watcher.withLock { $0 }?(direction, frame, connection)
    }
}
