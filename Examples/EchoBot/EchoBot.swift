import Foundation
import GatewayClient

/// Answers every message with its own words.
///
///     echo-bot ACCOUNT PASSWORD [http://127.0.0.1:8080]
@main enum EchoBot {
    static func main() async {
        let words = CommandLine.arguments + ["http://127.0.0.1:8080"]
        let key = ProcessInfo.processInfo.environment["MSNP_KEY"].flatMap(GatewayCredential.init)
        do {
            let gateway = RemoteGateway(try GatewayAddress(words[3]), key: key)
            let signIn = SignIn(words[1], password: words[2])
            for try await step in gateway.events(of: signIn, consumer: "echo", types: ["message.received"]) {
                switch step {
                case .signedIn(let session): say("signed in: \(session.id)")
                case .gap(let gap): say("gap: \(gap)")
                case .event(let event, let session):
                    guard case .messageReceived(let message) = event.content, let text = message.text else { continue }
                    do {
                        let sent = try await Outbox(session)
                            .send(MessageDraft(text, in: message.conversationId), key: IdempotencyKey(answering: event))
                        say("\(sent.delivery): \(text)")
                    } catch GatewayError.problem(let problem) {
                        say("failed (\(problem.code)): \(text)")
                    }
                case .interrupted, .resumed: break
                }
            }
        } catch {
            say("\(error)")
            exit(1)
        }
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
