import MSNP
import MSNPSandbox
import Testing

/// Directory, invitations by mail, pages, and the switch for calls (docs/protocol.md#outreach, #pages).
@Suite struct OutreachTests {
    @Test("Several people, and nobody")
    func search() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(
            try stage.say("FND 25 fname=Another lname=User city=* state=* country=US", id)
                == [
                    "FND 25 1 2 fname=Another lname=User city=New%20York state=NY country=US",
                    "FND 25 2 2 fname=Another lname=User city=Stillwater state=OK country=US",
                ])
        #expect(try stage.say("FND 26 fname=Another lname=User city=* state=* country=DE", id) == ["FND 26 0 0"])
    }

    @Test(
        "Searches: what applies, without case, and what can't be asked for",
        arguments: [
            (
                "fname=ALICE lname=arden country=us",
                ["FND 5 1 1 fname=Alice lname=Arden city=Seattle state=WA country=US"]
            ),
            (
                "fname=Zo%C3%AB lname=M%C3%BCller city=* state=* country=DE",
                ["FND 5 1 1 fname=Zo%C3%AB lname=M%C3%BCller country=DE"]
            ),
            (
                "FName=Another LName=User City=* State=OK Country=US",
                ["FND 5 1 1 fname=Another lname=User city=Stillwater state=OK country=US"]
            ),
            (
                "fname=Another lname=User city=new%20york state=* country=US",
                ["FND 5 1 1 fname=Another lname=User city=New%20York state=NY country=US"]
            ),
            ("fname=Another lname=User city=Stillwater state=NY country=US", ["FND 5 0 0"]),
            ("fname=Another lname=User city=* state=* country=CA", ["FND 5 1 1 fname=Another lname=User country=CA"]),
            ("fname=* lname=User city=* state=* country=US", ["201 5"]),
            ("fname=Another lname=* city=* state=* country=US", ["201 5"]),
            ("fname=Another lname=User city=* state=* country=*", ["201 5"]),
            ("fname=Another country=US", ["201 5"]), ("Another User", ["201 5"]), ("", ["201 5"]),
            ("fname=Erin lname=Eads city=Cork state=* country=IE", ["* close"]),
            ("fname=Erin lname=Eads city=* state=X country=IE", ["* close"]),
        ])
    func searches(query: String, answer: [String]) throws {
        let stage = Stage()
        #expect(try stage.say("FND 5 \(query)", stage.signIn("alice")) == answer)
    }

    @Test(
        "Invitations by mail, to addresses and to people found",
        arguments: [
            ("new@example.com 0x0409 MSMSGS MSMSGS X X Erin", ["SDC 5 OK"]),
            ("new@example.com 1033 MSMSGS WindowsMessenger X X Erin%20E.", ["SDC 5 OK"]),
            ("2 0x0409 MSMSGS MSMSGS X X Erin", ["SDC 5 OK"]),
            ("3 0x0409 MSMSGS MSMSGS X X Erin", ["503 5", "* close"]),
            ("0 0x0409 MSMSGS MSMSGS X X Erin", ["503 5", "* close"]),
            ("nobody 0x0409 MSMSGS MSMSGS X X Erin", ["503 5", "* close"]),
            ("new@example.com english MSMSGS MSMSGS X X Erin", ["503 5", "* close"]),
            ("new@example.com 0x0409 MSMSGS MSMSGS X X", ["503 5", "* close"]),
            ("new@example.com 0x0409 MSMSGS MSMSGS X X Erin E.", ["503 5", "* close"]),
            ("new@example.com", ["503 5", "* close"]),
        ])
    func invitations(parameters: String, answer: [String]) throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        _ = try stage.say("FND 4 fname=Another lname=User city=* state=* country=US", id)
        #expect(try stage.say("SDC 5 \(parameters)", payload: "Join me on messenger!", id) == answer)
        guard answer.last == "SDC 5 OK" else { return }
        #expect(try stage.say("SDC 6 1 0x0409 MSMSGS MSMSGS X X Erin", payload: "", id) == ["SDC 6 OK"])
    }

    @Test(
        "By dialect",
        arguments: [
            ("SND 5 a@example.com", "MSNP2", ["SND 5 OK"]),
            ("SND 5 a@example.com 0x0409 MSMSGS", "MSNP3", ["SND 5 OK"]),
            ("SND 5 a@example.com 0x0409 MSMSGS MSMSGS", "MSNP4", ["SND 5 OK"]),
            ("SND 5 a@example.com 0x0409 MSMSGS MSMSGS X", "MSNP4", ["503 5", "* close"]),
            ("SND 5 a@example.com x MSMSGS MSMSGS", "MSNP4", ["503 5", "* close"]),
            ("SND 5 a", "MSNP2", ["503 5", "* close"]), ("SND 5", "MSNP4", ["503 5", "* close"]),
            ("FND x", "MSNP6", ["* close"]), ("IMS 5 OFF", "MSNP6", ["IMS 5 0 OFF"]),
            ("IMS 5 ON", "MSNP3", ["IMS 5 0 ON"]), ("IMS 5 ON", "MSNP2", ["* close"]), ("IMS 5", "MSNP6", ["* close"]),
        ])
    func dialects(line: String, dialect: String, answer: [String]) throws {
        let stage = Stage()
        #expect(try stage.say(line, stage.signIn("erin", dialect)) == answer)
    }

    private static let page = #"<TEXT xml:space="preserve">This is an example message.</TEXT>"#
    /// Lets carol take pages; with a number, they arrive.
    private func registerCarol(_ stage: Stage, number: String?) throws {
        let carol = try stage.signIn("carol")
        _ = try stage.say("PRP 5 MBE Y", carol)
        _ = try stage.say("PRP 6 MOB Y", carol)
        if let number { _ = try stage.say("PRP 7 PHM \(number)", carol) }
        stage.disconnect(carol)
    }

    @Test(
        "A page is taken without a word, and fails late where there is no device to ring",
        arguments: [("5551234", "MSNP6"), (nil, "MSNP6"), (nil, "MSNP5")])
    func pages(number: String?, dialect: String) throws {
        let stage = Stage()
        try registerCarol(stage, number: number)
        let alice = try stage.signIn("alice", dialect)
        #expect(try stage.say("PAG 30 carol@example.com", payload: Self.page, alice) == [])
        stage.wait(.seconds(2))
        guard number == nil, dialect == "MSNP6" else { return #expect(stage.take(alice) == []) }
        #expect(stage.take(alice).first?.hasPrefix("IPG ") == true)
        let document = NotificationDocument(parsing: Array(try #require(stage.takePayloads(alice).first).utf8))
        #expect(document.map(IncomingPage.init) == .failed(TransactionID(rawValue: 30), code: 407))
    }

    @Test(
        "Pages that are refused at once",
        arguments: [
            ("carol@example.com", "hello", "220"), ("carol@example.com", "<TEXT>a<b></TEXT>", "220"),
            ("carol@example.com", "<TEXT>x</TEXT>y", "220"), ("carol@example.com", "<TEXT></TEXT>", "800"),
            ("carol@example.com", "<TEXT>\(String(repeating: "x", count: 114))</TEXT>", "800"),
            ("bob@example.com", page, "220"), ("dave@example.com", page, "220"), ("nobody@example.com", page, "220"),
        ])
    func refusedPages(handle: String, payload: String, code: String) throws {
        let stage = Stage()
        try registerCarol(stage, number: "5551234")
        let alice = try stage.signIn("alice")
        #expect(try stage.say("PAG 7 \(handle)", payload: payload, alice) == ["\(code) 7"])
    }

    @Test("A page's text is counted as it was written, and whoever pages too much is told so")
    func pageLimits() throws {
        let stage = Stage { $0.limits.pages = 2 }
        try registerCarol(stage, number: "5551234")
        let alice = try stage.signIn("alice")
        let text = String(repeating: "&;<>^", count: 22) + "abc"
        let page = try Page(validating: text, callback: PageCallback(.home, number: "(555) 1"))
        let payload = String(decoding: page.payload, as: UTF8.self)
        for _ in 1...2 { #expect(try stage.say("PAG 7 carol@example.com", payload: payload, alice) == []) }
        #expect(try stage.say("PAG 8 carol@example.com", payload: payload, alice) == ["800 8"])
        stage.wait(.seconds(2))
        #expect(try stage.say("PAG 9 carol@example.com", payload: payload, alice) == [])
        let old = try stage.signIn("alice", "MSNP4")
        #expect(try stage.say("PAG 5 carol@example.com", payload: payload, old) == ["* close"])
    }
}
