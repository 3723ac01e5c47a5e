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
