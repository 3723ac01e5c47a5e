import ByteText

/// The text of a payload that may be shown.
enum BlankedPayload {
    /// Bytes that are looked at: several times a message with its headers.
    private static let longest = 8 * 1024

    static func text(of payload: [UInt8], _ rule: ShownPayload, onSwitchboard: Bool) -> String {
        let shown = payload.prefix(longest)
        let end = shown.count < payload.count ? "…" : ""
        switch rule {
        case .message: return message(shown, type: MIMEPayload(parsing: payload).contentType, onSwitchboard) + end
        case .text: return String(decoding: shown, as: UTF8.self) + end
        case .blanked: return BlankedFrame.blank
        }
    }

    /// A URL up to its query.
    static func withoutQuery(_ text: String) -> String {
        guard let query = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return text }
        return text[...query] + BlankedFrame.blank
    }

    /// Works line by line, so that lines are shown as they came.
    private static func message(_ bytes: ArraySlice<UInt8>, type: FoldedText?, _ onSwitchboard: Bool) -> String {
        let known = onSwitchboard ? bodies[type ?? ""] : notifications[type ?? ""]
        var text = ""
        var rest = bytes
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            var line = rest[..<end]
            rest = rest[(end < rest.endIndex ? end + 1 : end)...]
            if line.last == 0x0D { line.removeLast() }
            guard line.isEmpty else {
                text += header(line, envelope.union(known?.headers ?? [])) + "\r\n"
                continue
            }
            text += "\r\n"
            break
        }
        guard !rest.isEmpty else { return text }
        switch known?.body {
        case .text: return text + String(decoding: rest, as: UTF8.self)
        case .fields(let names):
            let lines = rest.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
                let line = line.last == 0x0D ? line.dropLast() : line
                return line.isEmpty ? "" : header(line, names)
            }
            return text + lines.joined(separator: "\r\n")
        case nil: return text + BlankedFrame.blank
        }
    }

    /// A header line; its value is shown if its name is known.
    ///
    /// A line that is no header, or that continues another, is blanked.
    private static func header(_ line: ArraySlice<UInt8>, _ names: Set<FoldedText>) -> String {
        let bytes = line.prefix { $0 != UInt8(ascii: ":") }
        guard bytes.count <= WireLimits.fieldName else { return BlankedFrame.blank }
        let name = String(decoding: bytes, as: UTF8.self)
        guard name.utf8.count < line.count, names.contains(FoldedText(name)) else {
            // A name is a word; anything else may itself be a piece of a secret.
            let isName = name.utf8.count < line.count && name.utf8.count <= 40 && name.utf8.allSatisfy(isNameByte)
            return isName ? "\(name): \(BlankedFrame.blank)" : BlankedFrame.blank
        }
        let whole = String(decoding: line, as: UTF8.self)
        return name.utf8.count >= 4 && ASCII.equalsFolded(Substring(name.utf8.suffix(4)), "-url")
            ? withoutQuery(whole) : whole
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private enum Body {
        case text
        /// Header lines, of which those with these names are shown.
        case fields(Set<FoldedText>)
    }

    private struct Known {
        var headers: Set<FoldedText> = []
        /// Nil where it is not shown.
        var body: Body?
    }

    private static let envelope: Set<FoldedText> = ["mime-version", "content-type"]

    /// What people send each other (docs/protocol.md#message-payloads).
    ///
    /// The cookies of invitations are not shown, because they open connections to the other side.
    private static let bodies: [FoldedText: Known] = [
        "text/plain": Known(headers: ["x-mms-im-format", "user-agent", "p4-context"], body: .text),
        "text/x-msmsgscontrol": Known(headers: ["typinguser"]),
        "text/x-msmsgsinvite": Known(
            body: .fields([
                "application-name", "application-guid", "application-file", "application-filesize",
                "invitation-command",
                "cancel-code", "launch-application", "request-data", "connectivity", "session-protocol",
            ])),
    ]

    /// What the service sends (docs/protocol.md#server-messages): of a profile everything but its tickets, `MSPAuth`
    /// and those to come.
    private static let notifications: [FoldedText: Known] = [
        "text/x-msmsgsprofile": Known(headers: [
            "emailenabled", "memberidhigh", "memberidlow", "logintime", "lang_preference", "preferredemail", "country",
            "postalcode", "gender", "kid", "age", "bdaypre", "birthday", "wallet", "flags", "sid", "kv", "clientip",
            "clientport",
        ]),
        "text/x-msmsgsinitialemailnotification": mail, "application/x-msmsgsinitialemailnotification": mail,
        "text/x-msmsgsemailnotification": mail, "application/x-msmsgsemailnotification": mail,
        "text/x-msmsgsactivemailnotification": mail, "application/x-msmsgsactivemailnotification": mail,
        "text/x-msmsgssystemmessage": system, "application/x-msmsgssystemmessage": system,
    ]
    private static let mail = Known(
        body: .fields([
            "inbox-unread", "folders-unread", "inbox-url", "folders-url", "post-url", "message-url", "from",
            "from-addr",
            "subject", "dest-folder", "src-folder", "message-delta", "id",
        ]))
    private static let system = Known(body: .fields(["type", "arg1", "arg2"]))
}
