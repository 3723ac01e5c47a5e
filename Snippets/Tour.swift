// What GatewayClient's documentation shows, built with the package.

import GatewayClient

// snippet.signIn
/// Signs in, and says who is there.
func lookAround() async throws -> RemoteSession {
    let gateway = RemoteGateway(try GatewayAddress("http://127.0.0.1:8080"))
    let session = try await gateway.signIn(SignIn("alice@example.com", password: "sandbox"))
    for contact in try await session.contacts() where contact.status != .offline {
        print("\(contact.displayName) is \(contact.status)")
    }
    try await session.setPresence(.busy)
    return session
}
// snippet.end

// snippet.events
/// Shows what is, and then what comes, for as long as there is a session.
func watch(_ session: RemoteSession) async throws {
    for try await step in session.events(from: .snapshot, types: ["presence.*", "message.received"]) {
        switch step {
        case .snapshot(let snapshot): print("\(snapshot.contacts.count) contacts")
        case .event(let event):
            switch event.content {
            case .presenceChanged(let change): print("\(change.account) is \(change.status)")
            case .messageReceived(let message): print("\(message.from): \(message.text ?? message.contentType)")
            default: print(event.type)
            }
        case .gap(let missed): print("missed: \(missed.map(String.init) ?? "nobody knows how many")")
        case .interrupted(let error): print("waiting: \(error)")
        case .resumed: print("there again")
        }
    }
}
// snippet.end

// snippet.outbox
/// Sends a message until its outcome is known.
func write(_ text: String, to account: String, as session: RemoteSession) async throws {
    do {
        let message = try await Outbox(session).send(MessageDraft(text, to: account))
        print(message.delivery)
    } catch {
        // Another reason is somebody else's to deal with.
        guard error.problem?.code == .known(.contactOffline) else { throw error }
        print("\(account) is not there")
    }
}
// snippet.end

// snippet.raw
/// A call that has no function of its own.
func keys(of gateway: RemoteGateway) async throws -> JSONValue {
    try await gateway.call(APIRequest("GET", "/v1/keys"), as: gateway.key).decode(JSONValue.self)
}
// snippet.end

// snippet.unix
/// A gateway on this machine, at a socket; answers are taken from it for a minute at most.
func local() throws -> RemoteGateway {
    var options = ClientOptions()
    options.timeout = .seconds(60)
    return RemoteGateway(try GatewayAddress("unix:/run/msnp-gateway/http.sock"), options: options)
}
// snippet.end

let session = try await lookAround()
try await write("hi", to: "echo@example.com", as: session)
print(try await keys(of: try local()))
try await watch(session)
