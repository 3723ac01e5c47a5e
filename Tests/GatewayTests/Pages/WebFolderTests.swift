import Foundation
import HTTPFront
import TestSupport
import Testing

@testable import Gateway

/// The static pages: what of a folder is served, and under which paths.
@Suite(.timeLimit(.minutes(5))) struct WebFolderTests {
    /// A folder with a page, and things beside it that are nobody's business; it goes with the test.
    private final class Place: Sendable {
        let path: String
        var web: String { path + "/web" }

        init() throws {
            path = FileManager.default.temporaryDirectory.path + "/msnp-gateway-" + UUID().uuidString
            try write("web/index.html", "<p>page</p>")
            try write("web/js/main.js", "main()")
            try write("web/.hidden", "hidden")
            try write("secret.txt", "secret")
            // Begins as the folder does.
            try write("web-secret/secret.txt", "secret")
        }

        func write(_ name: String, _ text: String) throws {
            let file = URL(filePath: path + "/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func harness(_ directory: String) async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox { $0.webDirectory = directory }
    }

    @Test("An escaped slash separates nothing, and no segment leads elsewhere")
    func paths() async throws {
        let place = try Place()
        let harness = try await harness(place.web)
        #expect(await harness.call("GET", "/").text == "<p>page</p>")
        #expect(await harness.call("GET", "/index.html").text == "<p>page</p>")
        #expect(await harness.call("GET", "/js/main.js").text == "main()")
        #expect(await harness.call("GET", "/js/m%61in.js").text == "main()", "decoded once")
        for path in [
            "/js%2Fmain.js", "/js%2fmain.js", "/js%5Cmain.js", "/js/main.js/", "//js/main.js", "/js//main.js",
            "/js/./main.js", "/js/../js/main.js", "/%2E/index.html", "/js/%2E%2E/index.html", "/..%2Fsecret.txt",
            "/../secret.txt", "/js/main.js%00", "/js/main.js%2500", "/js%252Fmain.js", "/.hidden", "/js", "/js/",
            "/INDEX.html",
        ] {
            let answer = await harness.call("GET", path)
            #expect(answer.status == 404, "\(path)")
        }
        try await harness.stop()
    }

    @Test("Links that stay inside are followed; those that leave the folder are not, and the log says so")
    func links() async throws {
        let place = try Place()
        try place.link("web/again.js", to: "js/main.js")
        try place.link("web/whole.js", to: place.web + "/js/main.js")
        try place.link("web/scripts", to: "js")
        try place.link("web/chain.js", to: "again.js")
        for (name, target) in [
            ("out.txt", "../secret.txt"), ("whole.txt", place.path + "/secret.txt"), ("up", ".."),
            ("beside", "../web-secret"), ("js/deep.txt", "../../secret.txt"), ("root", "/"), ("chain.txt", "out.txt"),
        ] { try place.link("web/" + name, to: target) }
        try place.link("web/nothing", to: "nowhere")
        try place.link("web/self", to: "self")
        // Round in circles.
        try place.link("web/here", to: ".")
        try place.link("web/js/loop", to: "../js")
        try place.link("web/js/back", to: "..")
        // The folder itself may be behind a link.
        try place.link("current", to: "web")
        let harness = try await harness(place.path + "/current")
        for path in ["/again.js", "/whole.js", "/scripts/main.js", "/chain.js", "/js/main.js"] {
            #expect(await harness.call("GET", path).text == "main()", "\(path)")
        }
        for path in [
            "/out.txt", "/whole.txt", "/up/secret.txt", "/beside/secret.txt", "/js/deep.txt", "/chain.txt",
            "/root/etc/passwd", "/nothing", "/self", "/here/index.html", "/js/loop/main.js", "/js/back/index.html",
        ] { #expect(await harness.call("GET", path).status == 404, "\(path)") }
        let warned = harness.log.lines.all.filter { $0.contains("leaves the web folder") }
        for name in ["out.txt", "whole.txt", "up", "beside", "js/deep.txt", "root", "chain.txt"] {
            #expect(warned.contains { $0.contains("[\"link\": \(name)]") }, "\(name) in \(warned)")
        }
        try await harness.stop()
    }

    @Test("All files are read when somebody asks for the first of them, and not again")
    func reading() async throws {
        let place = try Place()
        let harness = try await harness(place.web)
        // Neither the start nor what asks for no file has any read.
        try place.write("web/js/main.js", "main(1)")
        #expect(await harness.call("GET", "/js/other.js").status == 404)
        #expect(await harness.call("POST", "/js/main.js").status == 405)
        // Another version is there when somebody asks, and is served as a whole.
        try place.write("web/js/main.js", "main(2)")
        try place.write("web/js/new.js", "new()")
        let first = await harness.call("GET", "/")
        #expect(first.text == "<p>page</p>")
        try place.write("web/js/main.js", "main(3)")
        try place.write("web/js/newer.js", "newer()")
        #expect(await harness.call("GET", "/js/main.js").text == "main(2)", "of one version")
        #expect(await harness.call("GET", "/js/new.js").text == "new()")
        #expect(await harness.call("GET", "/js/newer.js").status == 404)
        // The first answer is like those that follow.
        let second = await harness.call("GET", "/")
        for name in ["ETag", "Cache-Control", "Content-Type", "Content-Security-Policy", "X-Content-Type-Options"] {
            #expect(first.response.value(of: name) != nil)
            #expect(first.response.value(of: name) == second.response.value(of: name), "\(name)")
        }
        let tag = try #require(second.response.value(of: "ETag"))
        #expect(await harness.call("GET", "/", headers: [("If-None-Match", tag)]).status == 304)
        try await harness.stop()
    }

    @Test("Whoever comes while files are read waits for that, and the tag that they have counts")
    func together() async throws {
        let place = try Place()
        let harness = try await harness(place.web)
        let tag = EntityTag.of(Array("<p>page</p>".utf8))
        let calls = (0..<20).map { harness.begin("GET", $0 % 2 == 0 ? "/" : "/js/main.js") }
        let known = harness.begin("GET", "/index.html", headers: [("If-None-Match", tag)])
        for (index, call) in calls.enumerated() {
            #expect(await call.answer().text == (index % 2 == 0 ? "<p>page</p>" : "main()"))
        }
        #expect(await known.answer().status == 304)
        try await harness.stop()
    }

    @Test("What is a link by the time that files are read is not served, nor anything besides")
    func changed() async throws {
        for (name, target) in [("web/js/main.js", "../../secret.txt"), ("web/js", "../web-secret")] {
            let place = try Place()
            try place.write("web-secret/main.js", "secret")
            let harness = try await harness(place.web)
            try FileManager.default.removeItem(atPath: place.path + "/" + name)
            try place.link(name, to: target)
            let answer = await harness.call("GET", "/js/main.js")
            #expect(answer.status == 404, "\(name)")
            #expect(!answer.text.contains(place.path) && !answer.text.contains("secret"), "\(name)")
            #expect(await harness.call("GET", "/").text == "<p>page</p>")
            try await harness.stop()
        }
    }

    @Test("A folder that can't be read is nothing until it can, as the log says, and is not tried again and again")
    func gone() async throws {
        let place = try Place()
        let harness = try await harness(place.web)
        try FileManager.default.moveItem(atPath: place.web, toPath: place.path + "/away")
        for path in ["/js/main.js", "/"] {
            let answer = await harness.call("GET", path)
            #expect(answer.code == "not-found", "\(path)")
            #expect(!answer.text.contains(place.path), "\(path)")
        }
        let said = { harness.log.lines.all.filter { $0.contains("the files of the page can't be read") } }
        #expect(said().count == 1)
        #expect(said().first?.contains(place.web) == true)
        // As it was, under names of another version: whoever asks a second later has them read.
        try FileManager.default.moveItem(atPath: place.path + "/away", toPath: place.web)
        try FileManager.default.moveItem(atPath: place.web + "/js/main.js", toPath: place.web + "/js/other.js")
        #expect(await harness.call("GET", "/").code == "not-found")
        harness.clock.advance(.seconds(1))
        #expect(await harness.call("GET", "/js/main.js").status == 404, "asked for while it was thought to be there")
        #expect(await harness.call("GET", "/js/other.js").text == "main()")
        #expect(await harness.call("GET", "/").text == "<p>page</p>")
        #expect(said().count == 1)
        try await harness.stop()
    }

    @Test("A file that is not what it was when it was found is not read, whatever it is now")
    func replaced() throws {
        let place = try Place()
        let folder = try WebFolder(place.web, mostBytes: 100)
        #expect(try folder.contents() == [Array("<p>page</p>".utf8), Array("main()".utf8)])
        // Another file of the same size; and the same one, which has grown.
        try FileManager.default.moveItem(atPath: place.web + "/index.html", toPath: place.path + "/index.html")
        try place.write("web/index.html", "<p>PAGE</p>")
        #expect(throws: StaticFilesError.unreadable(place.web + "/index.html")) { try folder.contents() }
        try FileManager.default.removeItem(atPath: place.web + "/index.html")
        try FileManager.default.moveItem(atPath: place.path + "/index.html", toPath: place.web + "/index.html")
        #expect(try folder.contents().count == 2)
        let file = try FileHandle(forWritingTo: URL(filePath: place.web + "/js/main.js"))
        try file.seekToEnd()
        try file.write(contentsOf: Data("!".utf8))
        try file.close()
        #expect(throws: StaticFilesError.unreadable(place.web + "/js/main.js")) { try folder.contents() }
    }

    @Test("What is no file is passed over, and holds nobody up")
    func pipes() throws {
        let place = try Place()
        #expect(mkfifo(place.web + "/pipe", 0o600) == 0)
        let folder = try WebFolder(place.web, mostBytes: 100)
        #expect(folder.files.map { $0.path.joined(separator: "/") } == ["index.html", "js/main.js"])
        #expect(folder.leaving.isEmpty)
    }

    @Test("A folder that is not there, or has too much in it")
    func unfit() throws {
        let place = try Place()
        #expect(throws: StaticFilesError.unreadable(place.path + "/none")) {
            try WebFolder(place.path + "/none", mostBytes: 100)
        }
        #expect(throws: StaticFilesError.tooLarge(place.web)) { try WebFolder(place.web, mostBytes: 16) }
        #expect(try WebFolder(place.web, mostBytes: 17).files.count == 2)
    }

    @Test("Files, the description and the pages are one copy for all who ask")
    func shared() async throws {
        let place = try Place()
        let harness = try await GatewayHarness.withSandbox {
            $0.webDirectory = place.web
            $0.description = APIDescription(yaml: { Array("a: b".utf8) }) {
                .mapping([
                    .init("openapi", .string("3.1.0")), .init("info", .mapping([.init("title", .string("T"))])),
                    .init("paths", .mapping([])),
                ])
            }
        }
        for path in ["/", "/js/main.js", "/openapi.yaml", "/openapi.json", "/docs", "/docs/problems", "/v1/errors"] {
            // The first makes what is made when somebody asks.
            _ = await harness.call("GET", path)
            let first = harness.begin("GET", path)
            let second = harness.begin("GET", path)
            let (one, other) = (await first.answer().response.body, await second.answer().response.body)
            #expect(!one.isEmpty)
            let places = [one, other].map { $0.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
            #expect(places[0] == places[1], "\(path)")
        }
        try await harness.stop()
    }
}
