import CMicroHTTPD

/// The answers to connections that are not served, made once: refusing is not to cost more than being refused.
struct RefusalResponses: Sendable {
    /// As they go over the wire, for those that the library never sees.
    private let messages: [ConnectionRefusal: [UInt8]]
    /// For a connection that is kept for probes and asks for something else.
    let notAProbe: Response

    init(_ handler: any RequestHandler) {
        var messages: [ConnectionRefusal: [UInt8]] = [:]
        for refusal in ConnectionRefusal.allCases { messages[refusal] = Self.message(handler.refuse(refusal)) }
        self.messages = messages
        notAProbe = handler.refuse(.connections)
    }

    func message(_ refusal: ConnectionRefusal) -> [UInt8] { messages[refusal] ?? [] }

    private static func message(_ response: Response) -> [UInt8] {
        // A constant of the library, with a zero behind it.
        let phrase = unsafe CString.string(MHD_get_reason_phrase_for(UInt32(response.status)))
        var head = "HTTP/1.1 \(response.status) \(phrase)\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(response.body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + response.body
    }
}
