import Testing

@testable import ClientCommands

@Suite struct CommandWordsTests {
    @Test(
        "What follows whom a message is for is its text, unless it is an option of send",
        arguments: [
            ("bob -hello", "-- bob -hello"),
            ("bob -h5", "-- bob -h5"),
            ("bob --version", "-- bob --version"),
            ("bob --generate-completion-script", "-- bob --generate-completion-script"),
            ("bob -", "-- bob -"),
            ("bob hi -W 5", "-W 5 -- bob hi"),
            ("bob hi -W5", "-W5 -- bob hi"),
            ("bob -no -W 0.5 --as x", "-W 0.5 --as x -- bob -no"),
            ("-W -1 bob hi", "-W -1 -- bob hi"),
            ("--as=x bob --authorities -f -x", "--as=x --authorities -f -- bob -x"),
            ("-- -bob -hi", "-- -bob -hi"),
            ("-W 5 -- bob -W", "-W 5 -- bob -W"),
            ("bob -- -h", "-- bob -h"),
            ("bob --help", "--help -- bob"),
            ("-h", "-h"),
            ("bob -W", "-W -- bob"),
            ("bob -C1", "-- bob -C1"),
            ("bob -W=hello", "-- bob -W=hello"),
            ("bob -W=.5 hi", "-W=.5 -- bob hi"),
            ("--version", "--version"),
            ("", ""),
        ])
    func sending(typed: String, arranged: String) throws {
        #expect(try CommandWords.arranged(["send"] + words(typed)) == ["send"] + words(arranged))
    }

    @Test(
        "What the parser would take for a call for help among other letters is refused",
        arguments: [
            "keys revoke -oh", "login -h@b", "send -hello hi", "keys add x -help5", "listen -Ch",
            "listen --after x -oh", "listen --after --from -oh", "keys revoke --from -oh", "status --after -oh",
            "login --password -hunter2 a@b", "send --nothing bob --version", "send bob hi --nothing",
            "send bob --ass=x hunter2", "send --ass x bob hunter2",
        ])
    func clusters(typed: String) {
        #expect {
            try CommandWords.arranged(words(typed))
        } throws: { error in
            let failure = error as? CommandFailure
            return failure?.exitCode == 64 && failure?.message?.contains("hunter2") == false
        }
    }

    @Test(
        "All else is as it was typed",
        arguments: [
            "", "-h", "-help", "--help", "keys revoke -- -oh", "listen --after -Wh9B0QH.13 -W 1",
            "listen --from -hi@b -C 1",
            "listen -C1 -W0.5 -W=3", "serve --sandbox --state -x", "doctor --on -1", "api POST x a=-oh",
            "status --nothing",
        ])
    func others(typed: String) throws {
        #expect(try CommandWords.arranged(words(typed)) == words(typed))
    }

    @Test("An option in the place of a cursor or an account is none")
    func values() {
        #expect(CommandWords.isCursor("-Wm9B0QH.13") && CommandWords.isCursor("--as_b-c.1"))
        for value in [
            "-C", "-W0.5", "-C1.", "--as=b.c1", "--as=bcd.1", "--from=bob@example.com", "-Wm9B0QH.", "-Wm9B0QH.1.2",
            "-",
        ] {
            #expect(!CommandWords.isCursor(value), "\(value)")
        }
        #expect(CommandWords.isAccount("-hi@example.com"))
        for value in ["-C", "--as=a@b", "--consumer=me@x", "-"] { #expect(!CommandWords.isAccount(value), "\(value)") }
    }

    private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
