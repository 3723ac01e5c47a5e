@testable import Webhooks

/// What callers and receivers of webhooks say: URLs, ranges of addresses, heads of answers, wishes to be left alone.
enum WebhookFuzzing {
    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        try checkURL(text)
        if let range = AddressRange(text) {
            try FuzzFinding.unless(AddressRange(range.description) == range, "a range is written as another")
        }
        if let wait = RetryAfter.wait(bytes, at: 1_767_225_600) {
            try FuzzFinding.unless((.zero...WebhookBackoff.longest).contains(wait), "a wait is out of range")
        }
        var head = AnswerHead()
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) { head.take(line + [10]) }
        try FuzzFinding.unless(!head.isWhole || (200...999).contains(head.status), "a status is none")
    }

    private static func checkURL(_ text: String) throws {
        guard let url = try? WebhookURL(text) else { return }
        try FuzzFinding.unless(try WebhookURL(url.text) == url, "a URL is written as another")
        try FuzzFinding.unless(url.text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a URL has a control")
        try FuzzFinding.unless(!"\(url)".utf8.contains(UInt8(ascii: "?")), "a query is logged")
        try FuzzFinding.unless(
            url.host.utf8.allSatisfy { !"/?#@\\%[]".utf8.contains($0) }, "a host has what separates")
        try FuzzFinding.unless(url.address != nil || !url.host.utf8.contains(UInt8(ascii: ":")), "a name has a colon")
    }
}
