/// JSON as a gateway writes it.
enum Pages {
    static func message(_ seq: Int, _ text: String) -> String {
        event(
            seq, "message.received",
            """
            {"contentType":"text/plain","conversationId":"c","displayName":"Bob","from":"bob@example.com","group":false,\
            "messageId":"m\(seq)","text":"\(text)"}
            """)
    }

    static func event(_ seq: Int, _ type: String, _ data: String) -> String {
        """
        {"data":\(data),"id":"e.\(seq)","seq":\(seq),"sessionId":"s","time":"2026-01-02T03:04:05.678Z","type":"\(type)"}
        """
    }

    static func page(_ events: [String], next: String, ended: Bool = false) -> ScriptedHTTP.Reply {
        let end = ended ? #","ended":true"# : ""
        return .answer(200, #"{"events":[\#(events.joined(separator: ","))],"next":"\#(next)","more":false\#(end)}"#)
    }

    static func sent(_ delivery: String, status: Int = 201) -> ScriptedHTTP.Reply {
        .answer(
            status,
            """
            {"message":{"conversationId":"c","delivery":"\(delivery)","id":"m","sentAt":"2026-01-02T03:04:05.678Z","text":"hi"}}
            """)
    }
}
