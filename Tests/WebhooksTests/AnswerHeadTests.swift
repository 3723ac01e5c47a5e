import Testing

@testable import Webhooks

@Suite struct AnswerHeadTests {
    private func head(_ lines: String...) -> AnswerHead {
        var head = AnswerHead()
        for line in lines { head.take(Array(line.utf8)) }
        return head
    }

    @Test("A final head counts once it has ended, and what follows is passed over")
    func final() {
        var answer = head("HTTP/1.1 503 No\r\n", "RETRY-after: \t120 \r\n")
        #expect(!answer.isWhole)
        answer.take([13, 10])
        #expect(answer.isWhole)
        #expect(answer.status == 503)
        #expect(answer.wish == Array("120".utf8))
        let whole = answer
        for line in ["HTTP/1.1 200 OK\r\n", "Retry-After: 1\r\n", "\r\n"] { answer.take(Array(line.utf8)) }
        #expect(answer == whole)
    }

    @Test("An interim head is forgotten")
    func interim() {
        let answer = head("HTTP/1.1 103 Early\r\n", "Retry-After: 9\r\n", "\r\n", "HTTP/1.1 200 OK\n", "\n")
        #expect(answer.isWhole)
        #expect(answer.status == 200)
        #expect(answer.wish.isEmpty)
    }

    @Test(
        "Without a status there is no answer",
        arguments: ["HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000", "x"])
    func noStatus(line: String) {
        let answer = head(line + "\r\n", "\r\n")
        #expect(!answer.isWhole)
    }

    @Test("Of a long wish no more is kept than a date has")
    func longWish() {
        let answer = head("HTTP/1.1 503 No\r\n", "Retry-After: " + String(repeating: "1", count: 90_000), "\r\n")
        #expect(answer.wish.count <= 64)
    }
}
