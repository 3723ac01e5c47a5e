import MSNP
import Testing

/// Each intent, from each set of lists, against a server that agrees and against servers that don't
/// (docs/protocol.md#editing).
@Suite struct ContactEditTests {
    /// Lists as a server keeps them, and what it says to the next commands instead of agreeing.
    private struct Server {
        var lists: ListMembership
        /// What the client believes, where that differs until the server has spoken.
        var belief: ListMembership?
        /// By command and list, in order.
        var failures: [String: [RequestFailure]] = [:]
        private(set) var asked: [String] = []

        init(_ lists: ListMembership, believed belief: ListMembership? = nil) {
            self.lists = lists
            self.belief = belief
        }

        var seen: ListMembership { belief ?? lists }

        mutating func answer(_ request: SessionRequest) -> Result<RequestReply, RequestFailure> {
            let words: String
            switch request {
            case .add(_, let list, let name): words = "ADD \(list.name.rawValue) \(name.text)"
            case .remove(_, let list): words = "REM \(list.name.rawValue)"
            case .renameContact(_, let name): words = "REA \(name.text)"
            default: words = request.command
            }
            asked.append(words)
            let key = words.split(separator: " ").prefix(words.hasPrefix("REA") ? 1 : 2).joined(separator: " ")
            if let failure = failures[key]?.first {
                failures[key]?.removeFirst()
                return .failure(failure)
            }
            switch request {
            case .add(_, let list, let name):
                guard list.opposite.map({ !lists.contains(ListMembership($0.name)) }) ?? true else {
                    return .failure(.refused(219, command: "ADD"))
                }
                lists.insert(ListMembership(list.name))
                belief?.insert(ListMembership(list.name))
                return .success(.edited(name: name.text))
            case .remove(_, let list):
                lists.remove(ListMembership(list.name))
                belief?.remove(ListMembership(list.name))
                return .success(.edited(name: nil))
            default: return .success(.edited(name: nil))
            }
        }
    }

    private let bob: Handle
    init() throws { bob = try Handle(validating: "bob@example.com") }

    private func run(
        _ intent: ContactEdit.Intent, knownAs name: DisplayName? = nil, _ server: inout Server
    ) -> RequestFailure? {
        var edit = ContactEdit(intent, of: bob, knownAs: name)
        for _ in 0..<10 {
            switch edit.next(server.seen) {
            case .done: return nil
            case .failed(let failure): return failure
            case .ask(let request): edit.take(server.answer(request), server.seen)
            }
        }
        Issue.record("goes on and on: \(server.asked)")
        return nil
    }

    private static let fl = ListMembership.forward
    private static let al = ListMembership.allow
    private static let bl = ListMembership.block
    private static let rl = ListMembership.reverse

    @Test(
        "What each intent takes, from where the contact is",
        arguments: [
            (.add(nil), [], ["ADD AL bob@example.com", "ADD FL bob@example.com"], [fl, al]),
            (.add(nil), [al], ["ADD FL bob@example.com"], [fl, al]),
            (.add(nil), [rl], ["ADD AL bob@example.com", "ADD FL bob@example.com"], [fl, al, rl]),
            (.add(nil), [bl], ["ADD FL bob@example.com"], [fl, bl]),
            (.add(nil), [al, bl], ["ADD FL bob@example.com"], [fl, al, bl]),
            (.add(nil), [fl, al], [], [fl, al]), (.add(nil), [fl], ["ADD AL bob@example.com"], [fl, al]),
            (.add(nil), [fl, bl], [], [fl, bl]),
            (.accept, [rl], ["ADD AL bob@example.com"], [al, rl]), (.accept, [al], [], [al]),
            (.accept, [bl, rl], ["REM BL", "ADD AL bob@example.com"], [al, rl]),
            (.accept, [al, bl], ["REM BL"], [al]), (.accept, [], ["ADD AL bob@example.com"], [al]),
            (.acceptPending, [rl], ["ADD AL bob@example.com"], [al, rl]), (.acceptPending, [bl, rl], [], [bl, rl]),
            (.acceptPending, [], [], []),
            (.block, [fl, al], ["REM AL", "ADD BL bob@example.com"], [fl, bl]),
            (.block, [rl], ["ADD BL bob@example.com"], [bl, rl]), (.block, [], ["ADD BL bob@example.com"], [bl]),
            (.block, [bl], [], [bl]), (.block, [al, bl], ["REM AL"], [bl]),
            (.unblock, [fl, bl], ["REM BL", "ADD AL bob@example.com"], [fl, al]), (.unblock, [fl, al], [], [fl, al]),
            (.unblock, [al, bl], ["REM BL"], [al]), (.unblock, [rl], [], [rl]), (.unblock, [], [], []),
            (.remove, [fl, al, rl], ["REM FL"], [al, rl]), (.remove, [al], [], [al]), (.remove, [], [], []),
        ] as [(ContactEdit.Intent, ListMembership, [String], ListMembership)])
    func agreeing(
        _ intent: ContactEdit.Intent, _ lists: ListMembership, _ commands: [String], _ after: ListMembership
    ) {
        var server = Server(lists)
        let planned = ContactEdit(intent, of: bob, knownAs: nil).commands(lists)
        #expect(run(intent, &server) == nil)
        #expect(server.asked == commands)
        #expect(server.lists == after)
        #expect(planned == commands.map { String($0.prefix(3)) })
    }

    @Test("A name goes with the additions, alone to a contact who is there already, and not where it is known")
    func names() throws {
        let bobby = try DisplayName(validating: "Bobby")
        let known = try DisplayName(validating: "Bob")
        var server = Server([.reverse])
        #expect(run(.add(bobby), knownAs: known, &server) == nil)
        #expect(server.asked == ["ADD AL Bobby", "ADD FL Bobby"])
        server = Server([.forward, .allow])
        #expect(run(.add(bobby), knownAs: known, &server) == nil)
        #expect(server.asked == ["REA Bobby"])
        server = Server([.forward, .allow])
        #expect(run(.add(known), knownAs: known, &server) == nil)
        #expect(server.asked == [])
        server = Server([.forward, .allow, .reverse])
        #expect(run(.block, knownAs: known, &server) == nil)
        #expect(server.asked == ["REM AL", "ADD BL Bob"])
        // A server that says 215 keeps the name that it had.
        server = Server([.forward, .allow])
        var edit = ContactEdit(.add(bobby), of: bob, knownAs: nil)
        #expect(edit.next([.allow]) == .ask(.add(bob, to: .forward, name: bobby)))
        edit.take(.success(.edited(name: nil)), server.lists)
        #expect(edit.next(server.lists) == .ask(.renameContact(bob, bobby)))
        edit.take(.failure(.refused(209, command: "REA")), server.lists)
        #expect(edit.next(server.lists) == .failed(.refused(209, command: "REA")))
    }

    @Test("219: off the opposite list, and once more; never twice")
    func opposite() {
        var server = Server([.block], believed: [])
        #expect(run(.add(nil), &server) == nil)
        #expect(
            server.asked == ["ADD AL bob@example.com", "REM BL", "ADD AL bob@example.com", "ADD FL bob@example.com"])
        server = Server([.allow], believed: [])
        #expect(run(.block, &server) == nil)
        #expect(server.asked == ["ADD BL bob@example.com", "REM AL", "ADD BL bob@example.com"])
        #expect(server.lists == [.block])
        let stubborn = RequestFailure.refused(219, command: "ADD")
        server = Server([])
        server.failures["ADD AL"] = [stubborn, stubborn]
        #expect(run(.accept, &server) == stubborn)
        #expect(server.asked == ["ADD AL bob@example.com", "REM BL", "ADD AL bob@example.com"])
        // Of the forward list there is no opposite.
        server = Server([.allow])
        server.failures["ADD FL"] = [stubborn]
        #expect(run(.add(nil), &server) == stubborn)
    }

    @Test("Who was blocked elsewhere a moment ago stays blocked, whatever lets people in")
    func blockedMeanwhile() {
        let refusal = RequestFailure.refused(219, command: "ADD")
        for (intent, commands) in [
            (ContactEdit.Intent.acceptPending, ["ADD AL bob@example.com"]),
            (.add(nil), ["ADD AL bob@example.com", "ADD FL bob@example.com"]),
        ] {
            var server = Server([.reverse, .block], believed: [.reverse])
            var edit = ContactEdit(intent, of: bob, knownAs: nil)
            guard case .ask(let first) = edit.next([.reverse]) else { return #expect(Bool(false)) }
            #expect(server.answer(first) == .failure(refusal))
            server.belief = nil
            edit.take(.failure(refusal), server.seen)
            while case .ask(let next) = edit.next(server.seen) { edit.take(server.answer(next), server.seen) }
            #expect(server.asked == commands)
            #expect(server.lists.contains(.block) && !server.lists.contains(.allow))
        }
    }

    @Test("Refusals end the edit as they are", arguments: [201, 205, 208, 209, 210, 280, 713, 800] as [UInt16])
    func refused(code: UInt16) {
        let refusal = RequestFailure.refused(ErrorCode(rawValue: code), command: "ADD")
        var server = Server([])
        server.failures["ADD AL"] = [refusal]
        #expect(run(.add(nil), &server) == refusal)
        #expect(server.asked == ["ADD AL bob@example.com"])
        server = Server([])
        server.failures["ADD FL"] = [refusal]
        #expect(run(.add(nil), &server) == refusal)
        #expect(server.lists == [.allow])
    }

    @Test(
        "A block that fails half-way puts the contact back, and is told as it failed",
        arguments: [.refused(210, command: "ADD"), .timedOut(command: "ADD"), .interrupted] as [RequestFailure])
    func halfBlocked(failure: RequestFailure) {
        var server = Server([.forward, .allow, .reverse])
        server.failures["ADD BL"] = [failure]
        #expect(run(.block, &server) == failure)
        #expect(server.asked == ["REM AL", "ADD BL bob@example.com", "ADD AL bob@example.com"])
        #expect(server.lists == [.forward, .allow, .reverse])
        server = Server([.allow])
        server.failures = ["ADD BL": [failure], "ADD AL": [.notOnline(.reconnecting)]]
        #expect(run(.block, &server) == failure)
        // Who was not allowed before is not allowed by it.
        server = Server([.reverse])
        server.failures["ADD BL"] = [failure]
        #expect(run(.block, &server) == failure)
        #expect(server.lists == [.reverse])
    }

    // MARK: - On the wire

    @Test("What is sent, what is told, what is answered; the fact comes first")
    func onTheWire() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        let name = try DisplayName(validating: "Bob & Söhne")
        let add = driver.request(.add(bob, to: .forward, name: name))
        let bare = driver.request(.add(bob, to: .allow, name: name))
        let remove = driver.request(.remove(bob, from: .allow))
        let nameless = driver.request(.remove(bob, from: .block))
        let rename = driver.request(.renameContact(bob, name))
        let privacy = driver.request(.setPrivacy(.block))
        let prompt = driver.request(.setAddPrompt(.allowSilently))
        let phone = driver.request(.setPhone(.mobile(try PhoneNumber(validating: "1 (555) 010 0123"))))
        let cleared = driver.request(.setPhone(.home(nil)))
        let paging = driver.request(.setPhone(.mobileMessaging(true)))
        try driver.play(
            """
            C: ADD 7 FL bob@example.com Bob%20&%20S%C3%B6hne
            C: ADD 8 AL bob@example.com Bob%20&%20S%C3%B6hne
            C: REM 9 AL bob@example.com
            C: REM 10 BL bob@example.com
            C: REA 11 bob@example.com Bob%20&%20S%C3%B6hne
            C: BLP 12 BL
            C: GTC 13 N
            C: PRP 14 PHM 1%20(555)%20010%200123
            C: PRP 15 PHH
            C: PRP 16 MOB Y
            S: ADD 0 RL 10 bob@example.com Stranger
            S: ILN 7 NLN bob@example.com Bob
            S: ADD 7 FL 11 BOB@example.com Bob%20B
            S: ADD 8 AL 12 bob@example.com
            S: REM 9 AL 13 bob@example.com
            S: REM 10 BL 14
            S: REA 11 15 bob@example.com B
            S: BLP 12 16 BL
            S: GTC 13 17 N
            S: PRP 14 18 PHM 1%20(555)%20010%200123
            S: PRP 15 19 PHH
            S: PRP 16 20 MOB N
            """)
        #expect(
            driver.takeEvents() == [
                .listAdded(ListMember(handle: "bob@example.com", name: "Stranger"), .reverse, version: 10),
                .presence(.online, handle: "bob@example.com", name: "Bob"),
                .listAdded(ListMember(handle: "BOB@example.com", name: "Bob B"), .forward, version: 11),
                .listAdded(ListMember(handle: "bob@example.com", name: name.text), .allow, version: 12),
                .listRemoved(handle: "bob@example.com", .allow, version: 13),
                .listRemoved(handle: "bob@example.com", .block, version: 14),
                .contactRenamed(ListMember(handle: "bob@example.com", name: "B"), version: 15),
                .privacy(.block), .addPrompt(.allowSilently), .ownPhone(.mobile, "1 (555) 010 0123"),
                .ownPhone(.home, nil), .ownPhone(.mobileMessaging, "N"),
            ])
        #expect(driver.completions[add] == .success(.edited(name: "Bob B")))
        #expect(driver.completions[bare] == .success(.edited(name: name.text)))
        #expect(driver.completions[remove] == .success(.edited(name: nil)))
        #expect(driver.completions[nameless] == .success(.edited(name: nil)))
        #expect(driver.completions[rename] == .success(.edited(name: "B")))
        #expect(driver.completions[privacy] == .success(.edited(name: nil)))
        #expect(driver.completions[prompt] == .success(.edited(name: nil)))
        #expect(driver.completions[phone] == .success(.phone(.mobile, "1 (555) 010 0123")))
        #expect(driver.completions[cleared] == .success(.phone(.home, nil)))
        #expect(driver.completions[paging] == .success(.phone(.mobileMessaging, "N")))
        #expect(driver.flow.knownVersion == 20, "every step was seen")
    }

    @Test("Errors that say that it is so already are successes, and facts; the lists are asked for anew next time")
    func settled() throws {
        let name = try DisplayName(validating: "Bob")
        for (request, code, fact) in [
            (
                .add(bob, to: .allow, name: name), 215,
                .listAdded(ListMember(handle: "bob@example.com", name: ""), .allow, version: nil)
            ),
            (.remove(bob, from: .forward), 216, .listRemoved(handle: "bob@example.com", .forward, version: nil)),
            (.remove(bob, from: .block), 205, .listRemoved(handle: "bob@example.com", .block, version: nil)),
            (.setPrivacy(.block), 218, .privacy(.block)),
            (.setAddPrompt(.allowSilently), 218, .addPrompt(.allowSilently)),
        ] as [(SessionRequest, Int, SessionEvent)] {
            var driver = try FlowDriver.online()
            _ = driver.takeEvents()
            let id = driver.request(request)
            driver.feed("\(code) 7")
            #expect(driver.completions[id] == .success(.edited(name: nil)), "\(code)")
            #expect(driver.takeEvents() == [fact], "\(code)")
            #expect(driver.flow.knownVersion == 0, "\(code)")
        }
    }

    @Test("A status that the server says to have already is the status")
    func settledPresence() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        let id = driver.request(.setPresence(.busy))
        driver.feed("218 7")
        #expect(driver.completions[id] == .success(.presence(.busy)))
        #expect(driver.takeEvents() == [.ownPresence(.busy, forced: false)])
        #expect(driver.flow.status == .busy, "and it is what the session comes back with")
    }

    @Test("Errors that are refusals change nothing; where a code belongs to another command it is one too")
    func refusals() throws {
        let name = try DisplayName(validating: "Bob")
        let add = SessionRequest.add(bob, to: .forward, name: name)
        for (request, codes) in [
            (add, [201, 205, 208, 209, 210, 216, 219, 713, 800]), (.remove(bob, from: .allow), [201, 713]),
            (.renameContact(bob, name), [205, 209, 215, 216, 800]), (.setPrivacy(.block), [201, 215]),
            (.setAddPrompt(.ask), [201]), (.setPhone(.home(nil)), [215, 218, 715]),
        ] as [(SessionRequest, [UInt16])] {
            for code in codes {
                var driver = try FlowDriver.online()
                _ = driver.takeEvents()
                let id = driver.request(request)
                driver.feed("\(code) 7")
                let refusal = RequestFailure.refused(ErrorCode(rawValue: code), command: request.command)
                #expect(driver.completions[id] == .failure(refusal), "\(request.command) \(code)")
                #expect(driver.takeEvents() == [])
                #expect(driver.flow.state == .online)
            }
        }
    }

    @Test("An answer about another list, contact or property answers nothing, and is a fact of its own")
    func otherwise() throws {
        for (request, line, right) in [
            (
                SessionRequest.remove(bob, from: .allow), "REM 7 FL 10 bob@example.com", "REM 7 AL 11 bob@example.com"
            ),
            (.remove(bob, from: .allow), "REM 7 AL 10 carol@example.com", "REM 7 AL 11 bob@example.com"),
            (.setPhone(.home(nil)), "PRP 7 10 PHW 1", "PRP 7 11 PHH"),
        ] {
            var driver = try FlowDriver.online()
            _ = driver.takeEvents()
            let id = driver.request(request)
            driver.feed(line)
            #expect(driver.completions[id] == nil)
            #expect(driver.takeEvents().count == 1)
            driver.feed(right)
            #expect((try? driver.completions[id]?.get()) != nil)
        }
    }

    @Test("A server that says nothing to an edit: the command is named, the session goes on")
    func silence() throws {
        let name = try DisplayName(validating: "Bob")
        for request in [
            .add(bob, to: .forward, name: name), .remove(bob, from: .allow), .renameContact(bob, name),
            .setPrivacy(.block), .setAddPrompt(.ask), .setPhone(.mobileMessaging(false)),
        ] as [SessionRequest] {
            var driver = try FlowDriver.online()
            let id = driver.request(request)
            driver.fire(.request(TransactionID(rawValue: 7)))
            #expect(driver.completions[id] == .failure(.timedOut(command: request.command)))
            #expect(driver.flow.state == .online)
        }
    }
}
