import MSNP

/// The documents of alerts and pages (docs/protocol.md#notification-documents).
enum OutreachDocument {
    /// An alert about nothing in particular.
    ///
    /// Every second one has a bare `&` in its address, as real ones had (docs/protocol.md#alerts).
    static func alert(_ id: UInt32, to account: Account) -> [UInt8] {
        let separator = id.isMultiple(of: 2) ? "&" : "&amp;"
        return document([
            #"<NOTIFICATION ver="1" id="\#(id)" siteid="0" siteurl="http://alerts.sandbox.example/">"#,
            #"<TO pid="\#(account.memberID)" name="\#(account.handle)"/>"#,
            #"<MSG id="0">"#,
            #"<ACTION url="alert?command=action\#(separator)number=\#(id)"/>"#,
            #"<SUBSCR url="alert?command=change"/>"#,
            #"<BODY lang="\#(Language.english.decimal)" icon="alerticon_32x32.png">"#,
            "<TEXT>This is alert number \(id).</TEXT>",
            "</BODY>", "</MSG>", "</NOTIFICATION>",
        ])
    }

    /// Somebody wrote on a mobile device; nobody knows who if there is no sender.
    static func page(from sender: Account?, to account: Account) -> [UInt8] {
        let from = sender.map { [#"<FROM pid="\#($0.memberID)" name="\#($0.handle)"/>"#] } ?? []
        return document(
            opening(id: 0, account) + from + body(messageID: 0, text: "Hello from my phone."))
    }

    /// A page that was taken could not be delivered after all (docs/protocol.md#incoming-pages).
    static func failure(of page: TransactionID, _ account: Account) -> [UInt8] {
        document(opening(id: page.rawValue, account) + body(messageID: undeliverable, text: ""))
    }

    /// The code that the documents show for it.
    private static let undeliverable = 407

    private static func opening(id: UInt32, _ account: Account) -> [String] {
        let handle = account.handle
        return [
            #"<NOTIFICATION id="\#(id)" siteid="111100400" siteurl="http://mobile.sandbox.example/">"#,
            #"<TO name="\#(handle)" pid="\#(account.memberID)" email="\#(handle)">"#, #"<VIA agent="mobile"/>"#,
            "</TO>",
        ]
    }

    private static func body(messageID: Int, text: String) -> [String] {
        [
            #"<MSG pri="1" id="\#(messageID)">"#, #"<ACTION url="2wayIM.asp"/>"#, #"<SUBSCR url="2wayIM.asp"/>"#,
            #"<CAT id="110110001"/>"#, #"<BODY lang="\#(Language.english.decimal)">"#,
            "<TEXT>\(text)</TEXT>", "</BODY>", "</MSG>", "</NOTIFICATION>",
        ]
    }

    private static func document(_ lines: [String]) -> [UInt8] { Array(lines.joined(separator: "\r\n").utf8) }
}
