import Testing

@testable import GatewayClient

/// The loop over events as a value.
@Suite struct EventReadingTests {
    private func event(_ seq: Int) throws -> Event {
        try JSONCoding.decode(Event.self, from: Array(Pages.message(seq, "hi").utf8))
    }

    private func page(_ seqs: [Int], next: String, ended: Bool? = nil) throws -> EventPage {
        EventPage(events: try seqs.map(event), next: Cursor(next), ended: ended)
    }

    @Test("A position moves behind an event once what follows is asked for, and behind a page that had others in it")
    func positions() throws {
        var reading = EventReading(.after(Cursor("e.0")))
        #expect(reading.action() == .poll(after: "e.0", consumer: nil))
        reading.took(try page([1, 2], next: "e.5"))
        #expect(reading.action() == .tell(.event(try event(1))))
        #expect(reading.position == Cursor("e.0"))
        #expect(reading.action() == .tell(.event(try event(2))))
        #expect(reading.position == Cursor("e.1"))
        #expect(reading.action() == .poll(after: "e.5", consumer: nil))
        #expect(reading.position == Cursor("e.5"))
    }

    @Test("A consumer begins where the gateway knows it, and says with the next poll what it has dealt with")
    func consumer() throws {
        var reading = EventReading(.consumer("bot"))
        #expect(reading.action() == .poll(after: nil, consumer: "bot"))
        reading.took(try page([1], next: "e.1"))
        #expect(reading.action() == .tell(.event(try event(1))))
        #expect(reading.position == nil)
        #expect(reading.action() == .poll(after: "e.1", consumer: "bot"))
    }

    @Test("A gap is told, and the loop goes on with what is kept, or with all that is known")
    func gaps() throws {
        let problem = try JSONCoding.decode(
            Problem.self, from: Array(#"{"status":410,"code":"cursor-expired","missed":7,"oldest":"e.9"}"#.utf8))
        for (start, next) in [
            (EventStart.after(Cursor("e.1")), EventReading.Action.poll(after: "oldest", consumer: nil)),
            (.consumer("bot"), .poll(after: "oldest", consumer: "bot")), (.snapshot, .snapshot),
        ] {
            var reading = EventReading(start)
            _ = reading.action()
            reading.failed(.problem(problem))
            #expect(reading.action() == .tell(.gap(missed: 7)))
            #expect(reading.action() == next)
        }
    }

    @Test("What may pass is waited for, longer each time, and told once; what can't pass ends the loop")
    func failures() throws {
        var reading = EventReading(.now)
        _ = reading.action()
        reading.failed(.connectionLost)
        #expect(reading.action() == .tell(.interrupted(.connectionLost)))
        #expect(reading.action() == .wait(failures: 1, asked: nil))
        #expect(reading.action() == .poll(after: "now", consumer: nil))
        reading.failed(.unreachable("x"))
        #expect(reading.action() == .wait(failures: 2, asked: nil))
        _ = reading.action()
        reading.took(try page([], next: "e.3", ended: true))
        #expect(reading.action() == .tell(.resumed))
        #expect(reading.action() == .end)

        reading = EventReading(.now)
        _ = reading.action()
        reading.failed(.notTrusted("x"))
        #expect(reading.action() == .fail(.notTrusted("x")))
        #expect(reading.action() == .fail(.notTrusted("x")))
    }

    @Test("A feed has positions of its own: they move behind a page, once all of it has been dealt with")
    func feed() throws {
        var reading = EventReading(.after(Cursor("f.1")), hasOwnCursors: true)
        _ = reading.action()
        reading.took(try page([1, 2], next: "f.9"))
        _ = reading.action()
        #expect(reading.action() == .tell(.event(try event(2))))
        #expect(reading.position == Cursor("f.1"))
        #expect(reading.action() == .poll(after: "f.9", consumer: nil))
    }

    @Test("Waits double up to the longest, half of them by chance, and do as the gateway asks")
    func backoff() {
        let backoff = Backoff()
        #expect(
            (1...7).map { backoff.wait(after: $0, asked: nil, random: 1) }
                == [1, 2, 4, 8, 16, 30, 30].map(Duration.seconds))
        #expect(backoff.wait(after: 3, asked: nil, random: 0) == .seconds(2))
        #expect(backoff.wait(after: .max, asked: nil, random: 0) == .seconds(15))
        #expect(backoff.wait(after: 5, asked: .seconds(3), random: 0) == .seconds(3))
        #expect(backoff.wait(after: 1, asked: .seconds(86_400), random: 0) == .seconds(60))
    }
}
