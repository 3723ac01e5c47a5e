import ByteText
import MSNP
import Testing

/// Everything that holds a secret is printed in each way that Swift has, and the secret must not come up.
@Suite("Secrets are not printed") struct RedactionTests {
    private static let secret = "ca119f98ef5b826b"
    private static let bytes = Array(secret.utf8)

    private func prints(_ value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var nested = ""
        dump([Optional(value)], to: &nested)
        return [
            String(describing: value), String(reflecting: value), dumped, nested, "\(value)", "\([value])",
            String(reflecting: Optional(value)),
            Mirror(reflecting: value).children.map { String(reflecting: $0.value) }.joined(),
        ]
    }

    /// Whether any way of printing shows the secret, as text or as the numbers of its bytes.
    private func leaks(_ value: some Any) -> Bool {
        let numbers = Self.bytes.map(String.init)
        return prints(value).contains { text in
            let digits = text.split(whereSeparator: { !$0.isNumber }).map(String.init)
            return text.contains(Self.secret) || digits.contains(numbers)
        }
    }

    @Test("The check sees a secret that is there")
    func check() {
        struct Holder { var parameters: [String] }
        #expect(leaks(Self.secret))
        #expect(leaks(Self.bytes))
        #expect(leaks(Holder(parameters: [Self.secret])))
        #expect(leaks(["bytes": Self.bytes]))
        #expect(!leaks("c"))
    }

    @Test("Redacted")
    func redacted() {
        #expect(!leaks(Redacted(Self.secret)))
        #expect(!leaks(Redacted(Self.bytes)))
        #expect(String(describing: Redacted(Self.secret)) == "<redacted>")
    }

    @Test("Frames, also what a decoder holds back")
    func frames() {
        #expect(!leaks(Frame("USR", ["7", "MD5", "S", Self.secret])))
        #expect(!leaks(Frame("QRY", ["10", "id"], payload: Self.bytes)))
        // A stream that has slipped can have anything where a command belongs.
        #expect(!leaks(Frame(Self.secret)))
        #expect(String(describing: Frame("QRY", ["10", "id"], payload: Self.bytes)) == "QRY (2 parameters, 16 bytes)")
        #expect(String(describing: Frame("911", ["4"])) == "911 (1 parameters)")

        var decoder = FrameDecoder(.fromServer)
        decoder.append(Array("MSG Hotmail Hotmail 99\r\n\(Self.secret)".utf8).span)
        #expect(!leaks(decoder))
    }

    @Test("Commands")
    func commands() {
        let id = TransactionID(rawValue: 7)
        #expect(!leaks(ClientCommand.answerSignIn(id, package: "MD5", hash: Redacted(Self.secret))))
        #expect(!leaks(ClientCommand.answerChallenge(id, clientID: "msmsgs@msnmsgr.com", answer: Redacted(Self.bytes))))
        let board = ServerAddress(host: "10.0.1.200")
        #expect(!leaks(ServerCommand.referral(id, .switchboard(board, cookie: Redacted(Self.secret)))))
        #expect(!leaks(ServerCommand.message(from: ListMember(handle: "a@b", name: "N"), Redacted(Self.bytes))))
        let ring = Ring(
            session: "1", address: board, cookie: Redacted(Self.secret), caller: ListMember(handle: "a@b", name: "N"))
        #expect(!leaks(ServerCommand.ring(ring)))
        #expect(!leaks(SwitchboardClientCommand.enter(id, handle: "a@b", cookie: Redacted(Self.secret))))
        #expect(!leaks(SwitchboardClientCommand.answer(id, handle: "a@b", cookie: Redacted(Self.secret), session: "1")))
        #expect(!leaks(SwitchboardClientCommand.message(id, .always, Redacted(Self.bytes))))
        #expect(
            !leaks(SwitchboardServerCommand.message(from: ListMember(handle: "a@b", name: "N"), Redacted(Self.bytes))))
        #expect(!leaks(ClientCommand.page(id, handle: "a@b", Redacted(Self.bytes))))
        #expect(!leaks(ServerCommand.alert(Redacted(Self.bytes))))
        #expect(!leaks(ServerCommand.page(Redacted(Self.bytes))))
    }

    @Test("Errors name a command only when it is one")
    func errors() throws {
        let unknown = #expect(throws: ParseError.self) { try ServerCommand(parsing: Frame(Self.secret, ["1"])) }
        #expect(!leaks(try #require(unknown)))
        #expect(throws: ParseError.unknownCommand("XYZ")) { try ServerCommand(parsing: Frame("XYZ", ["1"])) }
        let fromClient = #expect(throws: ParseError.self) { try ClientCommand(parsing: Frame(Self.secret, ["1"])) }
        #expect(!leaks(try #require(fromClient)))
    }

    @Test("Payloads, profiles and forms")
    func payloads() throws {
        let payload = MIMEPayload(
            parsing: Array("Content-Type: text/x-msmsgsprofile\r\nMSPAuth: \(Self.secret)\r\n\r\n\(Self.secret)".utf8))
        #expect(payload["MSPAuth"] == Self.secret)
        #expect(!leaks(payload))
        let profile = try #require(Profile(payload))
        #expect(profile.mspAuth == Redacted(Self.secret))
        #expect(!leaks(profile))
        let reply = ServiceReply(redirect: "/x", login: "https://login.example/", siteID: "2")
        let form = try #require(
            PassportForm(
                handle: "a@b", profile: profile, location: ServiceLocation(reply), elapsed: 1,
                creds: { _ in Self.secret }))
        #expect(form.fields.filter { $0.value.contains(Self.secret) }.map(\.name) == ["auth", "creds"])
        #expect(!leaks(form))
    }
}
