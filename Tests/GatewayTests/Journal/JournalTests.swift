import TestSupport
import Testing

@testable import Gateway

@Suite struct JournalTests {
    private struct Noted: EventKind {
        static let name = "session.state"
        var text = "x"

        func writeMembers(to json: inout JSONWriter) { json.member("text", text) }
    }

    private func journal(events: Int = 0, bytes: Int = 0, age: Int = 0) -> Journal {
        var limits = JournalLimits()
        limits.events = events
        limits.bytes = bytes
        limits.age = age
        return Journal(sessionID: "s", epoch: "abcdefgh", limits: limits)
    }

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }
    private func up(_ seconds: Int64) -> Duration { .seconds(seconds) }

    @Test("An event is written as the API says")
    func form() {
        var journal = journal()
        journal.append(PresenceOwnEvent(status: "busy", forced: true), at: at(1_700_000_000))
        let page = journal.read(after: 0, .everything, limit: 10)
        #expect(
            String(decoding: page.encoded(ended: false), as: UTF8.self)
                == #"{"events":[{"data":{"forced":true,"status":"busy"},"id":"abcdefgh.1","seq":1,"sessionId":"s","#
                + #""time":"2023-11-14T22:13:20.000Z","type":"presence.own"}],"next":"abcdefgh.1","more":false}"#)
        #expect(
            String(decoding: JournalPage(next: journal.cursor).encoded(ended: true), as: UTF8.self)
                == #"{"events":[],"next":"abcdefgh.1","more":false,"ended":true}"#)
    }

    @Test("Each limit drops the oldest; 0 switches it off")
    func limits() {
        var byCount = journal(events: 3)
        var bySize = journal(bytes: 1000)
        var byAge = journal(age: 60)
        var endless = journal()
        for second in 1...200 {
            let data = Noted()
            byCount.append(data, at: at(Int64(second)))
            bySize.append(data, at: at(Int64(second)))
            byAge.append(data, at: at(Int64(second)))
            endless.append(data, at: at(Int64(second)))
        }
        #expect(byCount.read(after: 0, .everything, limit: 500).events.count == 3)
        let sized = bySize.read(after: 0, .everything, limit: 500).events
        #expect(sized.reduce(0) { $0 + $1.count } <= 1000)
        #expect(sized.count > 3)
        #expect(byAge.read(after: 0, .everything, limit: 500).events.count == 61)
        byAge.dropOld(now: up(1000))
        #expect(byAge.read(after: 0, .everything, limit: 500).events.isEmpty)
        #expect(byAge.oldest == byAge.cursor)
        #expect(endless.read(after: 0, .everything, limit: 500).events.count == 200)
    }

    @Test("One event larger than the whole journal is still told")
    func giant() {
        var journal = journal(bytes: 10)
        journal.append(Noted(text: String(repeating: "x", count: 100)), at: at(1))
        #expect(journal.read(after: 0, .everything, limit: 1).events.count == 1)
        journal.append(Noted(text: "y"), at: at(2))
        #expect(journal.read(after: 1, .everything, limit: 2).events.count == 1)
    }

    @Test("Room for others is made from the oldest on, up to a time, and no further than needed")
    func drop() {
        var journal = journal()
        for second in 1...10 { journal.append(Noted(), at: at(Int64(second))) }
        let size = journal.bytes
        let one = journal.drop(through: up(3), freeing: 1)
        #expect(one.events == 1)
        #expect(journal.bytes == size - one.bytes)
        let more = journal.drop(through: up(3), freeing: size)
        #expect(more.events == 2)
        #expect(journal.oldestUptime == up(4))
        let rest = journal.drop(through: nil, freeing: size)
        #expect(rest.events == 7)
        #expect(journal.bytes == 0)
        #expect(journal.oldestUptime == nil)
        #expect(journal.oldest == journal.cursor)
    }

    @Test("Times come out of the heap in order")
    func oldestFirst() {
        var queue = OldestFirst()
        let times: [Int64] = (0..<500).map { $0 * 7_919 % 503 }
        for (index, time) in times.enumerated() { queue.insert(up(time), index) }
        var order: [Int64] = []
        while let (time, index) = queue.removeFirst() {
            #expect(time == up(times[index]))
            order.append(times[index])
        }
        #expect(order == times.sorted())
    }

    @Test("missed is exact at every position")
    func missed() throws {
        var journal = journal(events: 5)
        for second in 1...12 { journal.append(Noted(), at: at(Int64(second))) }
        for position in UInt64(0)...12 {
            let cursor = ReadPosition.after(Cursor(epoch: "abcdefgh", sequence: position))
            if position < 7 {
                let problem = #expect(throws: Problem.self) { try journal.resolve(cursor) }
                #expect(problem?.missed == 7 - position)
                #expect(problem?.oldest == "abcdefgh.7")
            } else {
                #expect(try journal.resolve(cursor) == position)
                #expect(journal.read(after: position, .everything, limit: 100).events.count == Int(12 - position))
            }
        }
        #expect(throws: Problem.self) { try journal.resolve(.after(Cursor(epoch: "abcdefgh", sequence: 13))) }
        #expect(throws: Problem.self) { try journal.resolve(.after(Cursor(epoch: "hgfedcba", sequence: 12))) }
    }

    @Test("next covers what the filter left out, more tells whether something that matches is left")
    func filtered() throws {
        var journal = journal()
        for round in 1...9 {
            if round % 3 == 0 {
                journal.append(PresenceOwnEvent(status: "busy", forced: true), at: at(1))
            } else {
                journal.append(Noted(), at: at(1))
            }
        }
        let filter = try TypeFilter(parsing: "presence.*")
        var page = journal.read(after: 0, filter, limit: 2)
        #expect(page.events.count == 2)
        #expect(page.more)
        #expect(page.next.sequence == 8, "up to the third match, which is for the next page")
        page = journal.read(after: page.next.sequence, filter, limit: 2)
        #expect(page.events.count == 1)
        #expect(!page.more)
        let none = journal.read(after: 0, try TypeFilter(parsing: "server.notice"), limit: 2)
        #expect(none.events.isEmpty)
        #expect(none.next.sequence == 9)
    }

    @Test(
        "Cursors have one spelling",
        arguments: ["abcdefgh.1", "abcdefgh.0", "ab-d_f9Z.18446744073709551615"])
    func cursors(text: String) throws {
        let cursor = try #require(Cursor(parsing: text))
        #expect(cursor.text == text)
        #expect(text.utf8.count <= 64)
    }

    @Test(
        "Filters: lists, wildcards, planned groups; nothing that can never come",
        arguments: [
            ("presence.changed", true), ("presence.changed,session.*", true), ("message.*", true),
            ("message.received", true), ("conversation.opened,typing", true), ("message.nothing", false),
            ("mail.received,alert.*", true), ("presence", false),
            ("presence.changed ", false), ("", false), ("*", false), (".*", false), ("nothing.here", false),
        ])
    func filters(list: String, isFine: Bool) {
        #expect(((try? TypeFilter(parsing: list)) != nil) == isFine)
    }

    @Test("Times have three digits of milliseconds")
    func timestamps() {
        #expect(Timestamp(milliseconds: 1_700_000_000_007).text == "2023-11-14T22:13:20.007Z")
        #expect(Timestamp(milliseconds: 1_709_164_799_999).text == "2024-02-28T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 0).text == "1970-01-01T00:00:00.000Z")
    }
}

extension Journal {
    /// Of a clock whose times are as long ago as they say.
    fileprivate mutating func append(_ event: some EventKind, at time: Timestamp) {
        append(event, at: time, uptime: .milliseconds(time.milliseconds))
    }
}
