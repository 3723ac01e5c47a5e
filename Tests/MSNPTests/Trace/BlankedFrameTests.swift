import MSNP
import Testing

/// What a trace shows: by a list of what is harmless, so that every secret of the protocol is blanked, and every new one.
@Suite("Frames in a trace") struct BlankedFrameTests {
    private static let secret = "s3cr3t.0123456789abcdef"

    private func line(_ frame: Frame, _ direction: Direction, board: Bool = false) -> String {
        BlankedFrame(frame, direction, onSwitchboard: board).line
    }

    private func payload(_ frame: Frame, _ direction: Direction, board: Bool = false) -> String? {
        BlankedFrame(frame, direction, onSwitchboard: board).payload
    }

    @Test("Hashes, challenges of accounts, cookies and tickets are blanked in their places")
    func secrets() {
        let secret = Self.secret
        #expect(line(Frame("USR", ["7", "MD5", "S", secret]), .fromClient) == "USR 7 MD5 S <blanked>")
        #expect(line(Frame("USR", ["6", "MD5", "S", secret]), .fromServer) == "USR 6 MD5 S <blanked>")
        #expect(line(Frame("USR", ["6", "TWN", "S", secret]), .fromServer) == "USR 6 TWN S <blanked>")
        #expect(line(Frame("USR", ["6", "TWN", "I", secret]), .fromClient) == "USR 6 TWN I <blanked>")
        #expect(
            line(Frame("USR", ["1", "alice@example.com", secret]), .fromClient, board: true)
                == "USR 1 alice@example.com <blanked>")
        #expect(
            line(Frame("ANS", ["1", "alice@example.com", secret, "11752099"]), .fromClient, board: true)
                == "ANS 1 alice@example.com <blanked> 11752099")
        #expect(
            line(Frame("XFR", ["20", "SB", "10.0.1.200:1863", "CKI", secret]), .fromServer)
                == "XFR 20 SB 10.0.1.200:1863 CKI <blanked>")
        #expect(
            line(
                Frame("RNG", ["11752099", "10.0.1.200:1863", "CKI", secret, "bob@example.com", "Bob%20B."]), .fromServer
            )
                == "RNG 11752099 10.0.1.200:1863 CKI <blanked> bob@example.com Bob%20B.")
        #expect(
            line(
                Frame(
                    "URL",
                    ["24", "/cgi-bin/compose?t=\(secret)", "https://login.example/md5auth.srf?lc=1&t=\(secret)", "2"]),
                .fromServer) == "URL 24 /cgi-bin/compose?<blanked> https://login.example/md5auth.srf?<blanked> 2")
        let answer = Frame("QRY", ["10", "msmsgs@msnmsgr.com"], payload: Array(secret.utf8))
        #expect(line(answer, .fromClient) == "QRY 10 msmsgs@msnmsgr.com \(secret.utf8.count)")
        #expect(payload(answer, .fromClient) == "<blanked>")
    }

    /// Every command that the types of this target have with a secret in it.
    @Test("No typed command that holds a secret shows it")
    func typed() {
        let id = TransactionID(rawValue: 7)
        let board = ServerAddress(host: "10.0.1.200")
        let secret = Redacted(Self.secret)
        let member = ListMember(handle: "a@b.example", name: "N")
        let ring = Ring(session: "1", address: board, cookie: secret, caller: member)
        let sent: [(Frame, Direction, Bool)] = [
            (ClientCommand.answerSignIn(id, package: "MD5", hash: secret).frame, .fromClient, false),
            (
                ClientCommand.answerChallenge(id, clientID: "c", answer: Redacted(Array(Self.secret.utf8))).frame,
                .fromClient, false
            ),
            (ServerCommand.referral(id, .switchboard(board, cookie: secret)).frame, .fromServer, false),
            (ServerCommand.ring(ring).frame, .fromServer, false),
            (SwitchboardClientCommand.enter(id, handle: "a@b.example", cookie: secret).frame, .fromClient, true),
            (
                SwitchboardClientCommand.answer(id, handle: "a@b.example", cookie: secret, session: "1").frame,
                .fromClient,
                true
            ),
        ]
        for (frame, direction, board) in sent {
            let shown = BlankedFrame(frame, direction, onSwitchboard: board)
            #expect(!"\(shown)".contains(Self.secret), "\(frame.command)")
            #expect(shown.line.hasPrefix(frame.command))
        }
    }

    @Test("Whatever a command is, what stands behind its own parameters and in unknown ones is blanked")
    func unknown() {
        let secret = Self.secret
        for direction in [Direction.fromClient, .fromServer] {
            for board in [false, true] {
                #expect(
                    line(Frame("SBP", ["5", secret, secret]), direction, board: board)
                        == "SBP <blanked> <blanked> <blanked>")
                // A stream that has slipped has anything in the place of a command.
                #expect(line(Frame(secret, [secret]), direction, board: board) == "? <blanked>")
                #expect(
                    payload(Frame("GCF", ["1"], payload: Array(secret.utf8)), direction, board: board) == "<blanked>")
            }
        }
        #expect(
            line(Frame("NLN", ["NLN", "b@c.example", "B", secret]), .fromServer) == "NLN NLN b@c.example B <blanked>")
        #expect(line(Frame("540", ["7", secret]), .fromServer) == "540 7 <blanked>")
        #expect(line(Frame("XFR", ["7", "ZZ", secret]), .fromServer) == "XFR 7 ZZ <blanked>")
    }

    @Test("What holds no secret is shown as it is on the wire")
    func shown() {
        #expect(line(Frame("VER", ["1", "MSNP6", "MSNP5", "CVR0"]), .fromClient) == "VER 1 MSNP6 MSNP5 CVR0")
        #expect(
            line(Frame("USR", ["3", "MD5", "I", "alice@example.com"]), .fromClient) == "USR 3 MD5 I alice@example.com")
        #expect(
            line(Frame("USR", ["7", "OK", "alice@example.com", "Alice%20A.", "1"]), .fromServer)
                == "USR 7 OK alice@example.com Alice%20A. 1")
        #expect(line(Frame("XFR", ["3", "NS", "10.0.0.5:1863", "0"]), .fromServer) == "XFR 3 NS 10.0.0.5:1863 0")
        #expect(line(Frame("CHL", ["0", "15570131571988941333"]), .fromServer) == "CHL 0 15570131571988941333")
        #expect(
            line(Frame("ILN", ["9", "AWY", "bob@example.com", "Bob%20B."]), .fromServer)
                == "ILN 9 AWY bob@example.com Bob%20B.")
        #expect(line(Frame("911", ["4"]), .fromServer) == "911 4")
        #expect(line(Frame("OUT", ["OTH"]), .fromServer) == "OUT OTH")
    }

    @Test("A profile shows all but its tickets")
    func profile() {
        let text = """
            MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile; charset=UTF-8\r\nsid: 507\r\nkv: 4\r\n\
            MSPAuth: \(Self.secret)\r\n MSPAuth-more: \(Self.secret)\r\n\(Self.secret)\r\nMSPProf:\(Self.secret)\r\n\
            mspauth : \(Self.secret)\r\nEmailEnabled: 1\r\n\r\n\(Self.secret)
            """
        let frame = Frame("MSG", ["Hotmail", "Hotmail"], payload: Array(text.utf8))
        let shown = payload(frame, .fromServer)
        #expect(
            shown == """
                MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile; charset=UTF-8\r\nsid: 507\r\nkv: 4\r\n\
                MSPAuth: <blanked>\r\n<blanked>\r\n<blanked>\r\nMSPProf: <blanked>\r\n<blanked>\r\nEmailEnabled: 1\r\n\r\n\
                <blanked>
                """)
        // With line feeds alone, which the reader of payloads takes, too.
        let other = Frame("MSG", ["Hotmail", "Hotmail"], payload: text.utf8.filter { $0 != 0x0D })
        #expect(payload(other, .fromServer)?.contains(Self.secret) == false)
    }

    @Test("Messages are shown, and the cookies of invitations are not")
    func messages() {
        let chat =
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-Secret: \(Self.secret)\r\n\r\nhi: there\r\n"
        #expect(
            payload(Frame("MSG", ["4", "N"], payload: Array(chat.utf8)), .fromClient, board: true)
                == "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-Secret: <blanked>\r\n\r\nhi: there\r\n"
        )
        // The service sends no chat: what it calls one is unknown.
        #expect(payload(Frame("MSG", ["H", "H"], payload: Array(chat.utf8)), .fromServer)?.contains("there") == false)
        let offer = """
            Content-Type: text/x-msmsgsinvite\r\n\r\nInvitation-Command: ACCEPT\r\nInvitation-Cookie: 33267\r\n\
            AuthCookie: \(Self.secret)\r\nIP-Address: 192.0.2.1\r\n\r\n
            """
        let shown = payload(Frame("MSG", ["b@c.example", "B"], payload: Array(offer.utf8)), .fromServer, board: true)
        #expect(shown?.contains("Invitation-Command: ACCEPT") == true)
        #expect(shown?.contains(Self.secret) == false)
        #expect(shown?.contains("33267") == false)
        let mail =
            "Content-Type: text/x-msmsgsemailnotification\r\n\r\nFrom: B\r\nMessage-URL: /cgi-bin/getmsg?t=\(Self.secret)\r\n"
        #expect(
            payload(Frame("MSG", ["H", "H"], payload: Array(mail.utf8)), .fromServer)
                == "Content-Type: text/x-msmsgsemailnotification\r\n\r\nFrom: B\r\nMessage-URL: /cgi-bin/getmsg?<blanked>\r\n"
        )
        let page = Frame("PAG", ["3", "c@d.example"], payload: Array("<TEXT>hi</TEXT>".utf8))
        #expect(payload(page, .fromClient) == "<TEXT>hi</TEXT>")
        let long = [UInt8](repeating: 0x61, count: 20_000)
        let alert = BlankedFrame(Frame("NOT", payload: long), .fromServer, onSwitchboard: false)
        #expect(alert.payloadSize == 20_000)
        #expect(alert.payload?.utf8.count ?? 0 < 9_000)
        #expect(alert.line == "NOT 20000")
    }
}
