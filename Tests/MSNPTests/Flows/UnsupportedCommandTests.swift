import MSNP
import Testing

/// Which closes show that the server does not support a command, and what comes of it.
@Suite struct UnsupportedCommandTests {
    private static let service = SessionRequest.service("PROFILE", parameter: nil)
    private static let lesson = BackendTrait.closes(onCommand: "URL")

    @Test("A close right after a command that was never answered counts against the command")
    func closed() throws {
        var driver = try FlowDriver.online()
        let id = driver.request(Self.service)
        #expect(driver.timers[.closeWatch] == .seconds(5))
        driver.disconnect()
        #expect(driver.commandLessons == [Self.lesson])
        #expect(driver.completions[id] == .failure(.interrupted))
    }

    @Test("A command that was answered once, be it with an error, is supported", arguments: ["URL", "500"])
    func answered(reply: String) throws {
        var driver = try FlowDriver.online()
        _ = driver.request(Self.service)
        driver.feed(reply == "URL" ? "URL 7 /a https://login.example/ 1" : "500 7")
        #expect(driver.commandLessons == [.answers(command: "URL")])
        driver.flow.commands.answered = ["URL"]
        _ = driver.request(Self.service)
        driver.disconnect()
        #expect(driver.commandLessons.count == 1)
    }

    @Test("What every server supports is not watched")
    func common() throws {
        for request in [
            SessionRequest.rename(try DisplayName(validating: "A")), .setPrivacy(.block), .setAddPrompt(.allowSilently),
        ] {
            var driver = try FlowDriver.online()
            _ = driver.request(request)
            driver.disconnect()
            #expect(driver.commandLessons.isEmpty, "\(request.command)")
        }
    }

    @Test("Anything heard in between clears it", arguments: ["NLN BSY bob@example.com Bob", "ZZZ 0 what", "QNG"])
    func heard(line: String) throws {
        var driver = try FlowDriver.online()
        _ = driver.request(Self.service)
        driver.feed(line)
        driver.disconnect()
        #expect(driver.commandLessons.isEmpty)
    }

    @Test("So do time, a second request, an open ping, and a connection that broke")
    func others() throws {
        var late = try FlowDriver.online()
        _ = late.request(Self.service)
        late.fire(.closeWatch)
        late.disconnect()
        #expect(late.commandLessons.isEmpty)

        var two = try FlowDriver.online()
        _ = two.request(Self.service)
        _ = two.request(.rename(try DisplayName(validating: "A")))
        two.disconnect()
        #expect(two.commandLessons.isEmpty)

        var pinging = try FlowDriver.online()
        pinging.fire(.keepalive)
        _ = pinging.request(Self.service)
        pinging.disconnect()
        #expect(pinging.commandLessons.isEmpty)

        var broken = try FlowDriver.online()
        _ = broken.request(Self.service)
        broken.disconnect(isBroken: true)
        #expect(broken.commandLessons.isEmpty)
    }

    @Test("The status is not optional, so it is not watched")
    func core() throws {
        var driver = try FlowDriver.online()
        _ = driver.request(.setPresence(.busy))
        #expect(driver.timers[.closeWatch] == nil)
        driver.disconnect()
        #expect(driver.commandLessons.isEmpty)
        let core: Set = ["VER", "INF", "USR", "SYN", "CHG", "OUT", "QRY"]
        #expect(core.isDisjoint(with: OptionalCommand.allCases.map(\.rawValue)))
    }

    @Test("A forbidden command is refused without being sent, and pings are left out")
    func forbidden() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeSent()
        driver.flow.commands.forbidden = ["URL", "PNG"]
        let id = driver.request(Self.service)
        #expect(driver.completions[id] == .failure(.notSupported(command: "URL")))
        driver.fire(.keepalive)
        #expect(driver.takeSent().isEmpty)
    }
}
