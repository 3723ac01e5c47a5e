import Loops
import MSNP

/// Turns one client's bytes into frames for the engine.
final class ConnectionHandler: SocketHandler {
    private let id: ConnectionID
    private let engine: Engine
    private var decoder = FrameDecoder(.fromClient)
    private let takesOneCommandPerRead: Bool

    init(_ id: ConnectionID, _ engine: Engine, takesOneCommandPerRead: Bool) {
        self.id = id
        self.engine = engine
        self.takesOneCommandPerRead = takesOneCommandPerRead
    }

    func received(_ bytes: Span<UInt8>) {
        decoder.append(bytes)
        var frames: [Frame] = []
        var canGoOn = true
        do {
            while let frame = try decoder.next() {
                frames.append(frame)
                guard takesOneCommandPerRead else { continue }
                // What came with it is lost.
                decoder = FrameDecoder(.fromClient)
            }
        } catch {
            canGoOn = false
        }
        engine.assumeIsolated { [id, frames, canGoOn] engine in
            engine.receive(frames, on: id)
            if !canGoOn { engine.abort(id) }
        }
    }

    func closing() {}

    func closed(isBroken: Bool) { engine.assumeIsolated { [id] in $0.closed(id) } }
}
