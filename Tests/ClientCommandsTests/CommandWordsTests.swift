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
            ("bob hi --nothing", "-- bob hi --nothing"),
            ("--nothing bob hi", "--nothing bob hi"),
            ("", ""),
        ])
    func sending(typed: String, arranged: String) throws {
        #expect(try CommandWords.arranged(["send"] + words(typed)) == ["send"] + words(arranged))
    }

    @Test(
        "What the parser would take for a call for help among other letters is refused",
        arguments: [
            "keys revoke -oh", "login -h@b", "send -hello hi", "keys add x -help5", "listen -Ch",
            "listen --after x -oh", "listen --after --from -oh",
        ])
    func clusters(typed: String) {
        #expect {
            try CommandWords.arranged(words(typed))
        } throws: { error in
            (error as? CommandFailure)?.exitCode == 64
        }
    }

    @Test(
        "All else is as it was typed",
        arguments: [
            "", "-h", "-help", "--help", "keys revoke -- -oh", "listen --after -Wh9B0QH.13 -W 1",
            "listen --from -hi@b -C 1",
            "listen -C1 -W0.5", "serve --sandbox --state -x", "doctor --on -1", "api POST x a=-oh", "status --nothing",
        ])
    func others(typed: String) throws {
        #expect(try CommandWords.arranged(words(typed)) == words(typed))
    }

    private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
