import Digests
import Testing

@Suite struct SecretDescriptionTests {
    private struct Credentials {
        var account = "alice@example.com"
        var password = Secret(SecretTests.password)
    }

    /// What every way of printing a value makes of it.
    private func printed(_ value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var printed = ""
        print(value, to: &printed)
        var debugPrinted = ""
        debugPrint(value, to: &debugPrinted)
        return ["\(value)", String(describing: value), String(reflecting: value), dumped, printed, debugPrinted]
    }

    @Test("Alone it reads as <secret>")
    func alone() {
        let secret = Secret(SecretTests.password)
        #expect(secret.description == "<secret>")
        #expect(secret.debugDescription == "<secret>")
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(Mirror(reflecting: secret).superclassMirror == nil)
    }

    @Test("Printed, dumped or reflected, alone, in a structure, optional or in a collection, it shows nothing")
    func everywhere() {
        let secret = Secret(SecretTests.password)
        let texts =
            printed(secret) + printed(Credentials()) + printed(Optional(secret)) + printed([secret])
            + printed(["password": secret])
        for text in texts {
            #expect(text.contains("<secret>"))
            // No run of the password's words or bytes.
            #expect(!text.contains("pässword"))
            #expect(!text.contains("fifteen"))
            #expect(!text.contains("112, 195"))
        }
    }
}
