/// A short message to somebody's mobile device (docs/protocol.md#pages).
///
///     C: PAG 30 carol@example.com 61
///     > <TEXT xml:space="preserve">This is an example message.</TEXT>
package struct Page: Equatable, Sendable {
    package let text: String
    /// The number to call back.
    package let callback: PageCallback?

    /// Characters of text, counted in UTF-16 units as Windows clients count.
    package static let longestText = 113

    /// Accepts a text with no control character but tab and line ends, of at most `longestText`; throws otherwise.
    package init(validating text: String, callback: PageCallback? = nil) throws(PageError) {
        guard !text.isEmpty else { throw .empty }
        let lines = LineEnds.normalized(text)
        guard lines.utf8.count <= Self.longestText * 3, lines.utf16.count <= Self.longestText else { throw .tooLong }
        guard !lines.unicodeScalars.contains(where: LineEnds.isControl) else { throw .controlCharacter }
        self.text = lines
        self.callback = callback
    }

    /// The bytes to send.
    package var payload: [UInt8] {
        let number = callback.map {
            "<PHONE pri=\"1\"><LOC>\($0.place.rawValue)</LOC><NUM>\($0.digits)</NUM></PHONE>"
        }
        return Array(((number ?? "") + "<TEXT xml:space=\"preserve\">\(Self.escaped(text))</TEXT>").utf8)
    }

    /// In one pass, so that the semicolons of references are not escaped again.
    private static func escaped(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output.append(contentsOf: "&#x26;".unicodeScalars)
            case ";": output.append(contentsOf: "&#x3B;".unicodeScalars)
            case "<": output.append(contentsOf: "&#x3C;".unicodeScalars)
            case ">": output.append(contentsOf: "&#x3E;".unicodeScalars)
            case "^": output.append(contentsOf: "&#x5E;".unicodeScalars)
            default: output.append(scalar)
            }
        }
        return String(output)
    }
}

/// The number that the receiver of a page may call.
package struct PageCallback: Equatable, Sendable {
    /// Which of the sender's numbers an answer goes to.
    package enum Place: String, CaseIterable, Sendable {
        case home = "HOME"
        case work = "WORK"
        case mobile = "MOBILE"
    }

    package let place: Place
    /// The number alone: `15551114444` and nothing else.
    package let digits: String

    /// Digits in a number: no network has more than fifteen (ITU-T E.164), and prefixes come before them.
    package static let mostDigits = 32

    /// Takes the digits of a number however it is written; nil when there are none or too many, or when it has letters.
    package init?(_ place: Place, number: String) {
        guard number.utf8.allSatisfy({ (0x30...0x39).contains($0) || " ()+-./".utf8.contains($0) }) else { return nil }
        let digits = number.filter { $0.isNumber }
        guard !digits.isEmpty, digits.count <= Self.mostDigits else { return nil }
        self.place = place
        self.digits = digits
    }
}

/// Why a page can't be sent.
package enum PageError: Error, Equatable, Sendable {
    case empty
    /// More than `Page.longestText` characters.
    case tooLong
    case controlCharacter
}

/// What an `IPG` says (docs/protocol.md#incoming-pages).
///
///     S: IPG 444
package enum IncomingPage: Equatable, Sendable {
    /// A page from a mobile device; its handle, where the document has one.
    case message(from: String?, text: String)
    /// A page of ours, sent under that transaction, could not be delivered; the code is the paging service's own.
    case failed(TransactionID, code: UInt32?)

    package init(_ document: NotificationDocument) {
        if document.id == 0 {
            self = .message(from: document.sender, text: document.text)
        } else {
            self = .failed(TransactionID(rawValue: document.id), code: document.messageID)
        }
    }
}
