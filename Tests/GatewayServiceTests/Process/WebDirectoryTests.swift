import Gateway
import Testing

@testable import GatewayService

@Suite struct WebDirectoryTests {
    private let directory: ScratchDirectory
    private let elsewhere: String

    init() throws {
        directory = try ScratchDirectory()
        elsewhere = directory.path + "/elsewhere"
    }

    private func find(executable: String, currentDirectory: String? = nil) -> String? {
        WebDirectory.find(executable: directory.path + executable, currentDirectory: currentDirectory ?? elsewhere)
    }

    @Test func besideTheSharedFolder() throws {
        try directory.write("usr/share/msnp-gateway/web/index.html", "")
        try directory.write("usr/bin/web-static/index.html", "")
        #expect(find(executable: "/usr/bin/msnp-gateway") == directory.path + "/usr/share/msnp-gateway/web")
    }

    @Test func inTheCheckoutOneStandsIn() throws {
        try directory.write("here/web-static/index.html", "")
        try directory.write("checkout/web-static/index.html", "")
        let here = directory.path + "/here"
        #expect(
            find(executable: "/checkout/.build/release/msnp-gateway", currentDirectory: here) == here + "/web-static")
    }

    @Test func upFromTheExecutable() throws {
        try directory.write("checkout/web-static/index.html", "")
        #expect(
            find(executable: "/checkout/.build/x86/release/msnp-gateway") == directory.path + "/checkout/web-static")
    }

    @Test("A directory without a page is none")
    func nothing() throws {
        try directory.write("checkout/web-static/other.html", "")
        #expect(find(executable: "/checkout/msnp-gateway") == nil)
        #expect(WebDirectory.find(executable: nil, currentDirectory: elsewhere) == nil)
    }

    @Test func whatWasSaidCounts() throws {
        try directory.write("a/index.html", "")
        try directory.write("b/web-static/index.html", "")
        let said = directory.path + "/a"
        var settings = try settings {
            $0.sandbox = .alone
            $0.web = said
        }
        settings.findWebDirectory(executable: nil, currentDirectory: directory.path + "/b")
        #expect(settings.gateway.webDirectory == said)
        settings.gateway.webDirectory = nil
        settings.findWebDirectory(executable: nil, currentDirectory: directory.path + "/b")
        #expect(settings.gateway.webDirectory == directory.path + "/b/web-static")
    }

    @Test func theExecutableIsAFile() throws {
        #expect(try #require(WebDirectory.executable).hasPrefix("/"))
    }
}
