import HTTPFront

extension Response {
    /// The head of server-sent events.
    static let eventStream: Response = {
        var response = Response(status: 200)
        response.set("Content-Type", "text/event-stream")
        // nginx would keep events until it has a page of them.
        response.set("X-Accel-Buffering", "no")
        return response
    }()
}
