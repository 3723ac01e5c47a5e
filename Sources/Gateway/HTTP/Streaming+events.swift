import HTTPFront

extension Streaming {
    /// Server-sent events, for as long as both sides like.
    static func events(
        began: @escaping @Sendable (StreamSignal) -> Void, next: @escaping @Sendable (_ size: Int) -> StreamPiece,
        heartbeat: @escaping @Sendable () -> [UInt8], ended: @escaping @Sendable () -> Void
    ) -> Streaming {
        Streaming(
            .eventStream, heartbeatInterval: GatewayLimits.streamHeartbeat, began: began, next: next,
            heartbeat: heartbeat,
            // Its context says what a caller is told instead.
            refused: { Response(status: 503) }, ended: ended)
    }
}
