import Foundation
import Testing

@testable import GatewayService

/// The commit stands beside an installed program, and nowhere in it.
@Suite struct ProgramVersionTests {
    @Test(
        "A commit is what looks like one, and is said with the version",
        arguments: [
            ("0123abc\n", "0123abc"),
            (
                "0123456789012345678901234567890123456789-modified\n",
                "0123456789012345678901234567890123456789-modified"
            ),
            ("", nil), ("HEAD\n", nil), ("0123abc or so\n", nil),
            ("01234567890123456789012345678901234567890\n", nil),
        ] as [(String, String?)])
    func commit(text: String, expected: String?) throws {
        let scratch = try ScratchDirectory()
        try scratch.write("share/msnp-gateway/commit", text)
        let executable = scratch.path + "/bin/msnp-gateway"
        #expect(ProgramVersion.commit(of: executable) == expected)
        let first = ProgramVersion.text(executable: executable).split(separator: "\n").first
        #expect(first == "msnp-gateway 0.1.0\(expected.map { " (\($0))" } ?? "")")
    }

    @Test func withoutAFile() {
        #expect(ProgramVersion.commit(of: "/nonexistent/bin/msnp-gateway") == nil)
        #expect(ProgramVersion.text(executable: nil).hasPrefix("msnp-gateway 0.1.0\nSwift "))
    }
}
