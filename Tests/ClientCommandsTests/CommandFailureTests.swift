import FoundationEssentials
import GatewayClient
import Testing

@testable import ClientCommands

@Suite struct CommandFailureTests {
    @Test(
        "What a call ends with has its code",
        arguments: [
            (GatewayError.unreachable("x"), 6), (.connectionLost, 6), (.notTrusted("x"), 6),
            (.invalidAnswer(status: 502, "x"), 6),
            (.answerTooLong, 6), (.timedOut, 124), (.invalidRequest("x"), 64), (.unavailable("x"), 78),
            (.sessionEnded(nil), 4),
            (.cancelled, 1),
        ])
    func codes(_ error: GatewayError, _ code: Int) {
        #expect(Int(CommandFailure(error).exitCode) == code)
    }

    @Test("What is kept of a sign-in says where and who, and shows no token")
    func kept() throws {
        let token = try #require(GatewayCredential("mgt_secret"))
        let session = RemoteGateway(try GatewayAddress("unix:/run/x")).session("s", token: token)
        let kept = KeptSignIn(session, account: "a@b.c")
        var dumped = ""
        dump(kept, to: &dumped)
        #expect(!"\(kept) \(String(reflecting: kept)) \(dumped)".contains("secret"))
        #expect(try kept.open(ClientOptions()).token == token)
    }

    @Test("What was kept before there were authorities is as good, and those that were named are kept")
    func authorities() throws {
        let kept = Data(
            #"{"account":"a@b.c","gateway":"https://msn.example","session":"s","token":"mgt_secret"}"#.utf8)
        #expect(try JSONDecoder().decode(KeptSignIn.self, from: kept).authorities == nil)
        let token = try #require(GatewayCredential("mgt_secret"))
        let session = RemoteGateway(try GatewayAddress("https://msn.example")).session("s", token: token)
        let named = KeptSignIn(session, account: "a@b.c", authorities: "/etc/own.pem")
        #expect(try JSONDecoder().decode(KeptSignIn.self, from: JSONEncoder().encode(named)) == named)
    }

    @Test("Who may vouch for a gateway is said by an option, else at the sign-in, else by the environment as for curl")
    func vouching() throws {
        let environment = ["CURL_CA_BUNDLE": "", "SSL_CERT_FILE": "/etc/hostname"]
        func file(
            _ environment: [String: String], named: String? = nil, kept: String? = nil, isSecure: Bool = true
        ) throws -> String? {
            try Authorities.file(named, kept: kept, isSecure: isSecure, environment: environment)
        }
        #expect(try file([:]) == nil)
        #expect(try file(environment) == "/etc/hostname")
        #expect(try file(["SSL_CERT_FILE": "/nowhere", "CURL_CA_BUNDLE": "/etc/passwd"]) == "/etc/passwd")
        #expect(try file(environment, kept: "/etc/passwd") == "/etc/passwd")
        #expect(try file(environment, named: "/etc/group", kept: "/etc/passwd") == "/etc/group")
        #expect(try file([:], named: "/nowhere", isSecure: false) == nil)
        let failure = #expect(throws: CommandFailure.self) { try file([:], named: "/no\u{1B}where") }
        #expect(failure == .configuration("/no\u{FFFD}where can't be read: there is no such file"))
    }

    @Test("Sign-ins are kept where XDG says, or below the home, and nowhere else")
    func places() throws {
        for environment in [[:], ["HOME": ""], ["XDG_STATE_HOME": "relative"]] {
            let failure = #expect(throws: CommandFailure.self) { try KeptSignIns(environment: environment) }
            #expect(failure?.exitCode == 78)
        }
        let signIns = try KeptSignIns(environment: ["HOME": "/nonexistent"])
        for name in ["", ".x", "a/b", "..", String(repeating: "x", count: 65), "a b", "ä"] {
            #expect(throws: CommandFailure.self) { try signIns.load(name) }
        }
    }
}
