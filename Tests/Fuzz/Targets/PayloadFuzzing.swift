import ByteText
import MSNP

/// What comes in payloads: the fields of mails, what people write, invitations, alerts and pages.
enum PayloadFuzzing {
    /// A `MSG`'s payload, as each reader of one takes it.
    static func mime(_ bytes: [UInt8]) throws {
        let payload = MIMEPayload(parsing: bytes)
        try FuzzFinding.unless(payload.body.count <= bytes.count, "a body is longer than its payload")
        _ = payload.contentType
        if let text = ChatText(payload)?.text { try checkShown(text, bytes) }
        _ = Profile(payload)
        _ = SystemMessage(payload)
        _ = TypingNotification(payload)
        if case .received(let mail)? = MailNotification(payload) {
            for text in [mail.subject, mail.senderName].compactMap(\.self) { try checkShown(text, bytes) }
        }
        _ = Invitation(payload)
        for value in [payload["X-MMS-IM-Format"], payload["Content-Type"], payload["Subject"]].compactMap(\.self) {
            try checkShown(value, bytes)
            let format = TextFormat(parsing: value)
            // What receivers are given in place of no font is one.
            let written = TextFormat(parsing: format.headerValue)
            try FuzzFinding.unless(
                written.headerValue == format.headerValue, "a format changes when it is written and read")
        }
        // The body of most notifications is fields again.
        _ = payload.bodyFields.bodyFields
    }

    static func encodedWords(_ bytes: [UInt8]) throws {
        try checkShown(EncodedWords.decode(String(decoding: bytes, as: UTF8.self)), bytes)
    }

    /// The fields of an invitation; the headers in front of them are right.
    static func invitation(_ bytes: [UInt8]) throws {
        let head = "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
        guard let invitation = Invitation(MIMEPayload(parsing: Array(head.utf8) + bytes)) else { return }
        for text in [invitation.application, invitation.fileName, invitation.cancelCode].compactMap(\.self) {
            try checkShown("\(text)", bytes)
        }
        let answer = Invitation(MIMEPayload(parsing: Invitation.decline(invitation.cookie)))
        try FuzzFinding.unless(
            answer?.step == .cancel && answer?.cookie == invitation.cookie, "what declines it names something else")
    }

    /// The document of an alert or a page.
    static func markup(_ bytes: [UInt8]) throws {
        guard let document = NotificationDocument(parsing: bytes) else { return }
        try checkShown(document.text, bytes)
        for url in [document.actionURL, document.subscriptionURL, document.iconURL].compactMap(\.self) {
            try FuzzFinding.unless(
                ["http://", "https://"].contains { ASCII.equalsFolded(url.prefix($0.utf8.count), $0) },
                "an address of another kind is shown")
        }
        _ = IncomingPage(document)
    }

    /// No control character but tab and line end, and no more text than so many bytes can be.
    private static func checkShown(_ text: String, _ bytes: [UInt8]) throws {
        try FuzzFinding.unless(
            !text.unicodeScalars.contains {
                ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
            },
            "a control character is shown")
        // Each byte becomes U+FFFD at worst, and in an encoded word each byte of that is a character of three bytes.
        try FuzzFinding.unless(
            text.utf8.count <= 9 * bytes.count + 16, "\(text.utf8.count) bytes of text from \(bytes.count)")
    }
}
