import Testing

@testable import MSNP

/// What the commands of each side have in common, whatever they mean.
@Suite struct CommandTableTests {
    private static let sides: [(name: String, forms: [any CommandForm.Type])] = [
        ("server", ServerCommand.table.forms), ("client", ClientCommand.table.forms),
        ("switchboard", SwitchboardServerCommand.table.forms),
        ("client on a switchboard", SwitchboardClientCommand.table.forms),
    ]

    @Test("A command's type has the name that the command has on the wire")
    func names() {
        for (side, forms) in Self.sides {
            #expect(!forms.isEmpty)
            for form in forms {
                #expect(String(describing: form) == form.name, "\(side)")
                #expect(form.name.utf8.count == WireLimits.command, "\(side)")
            }
        }
    }

    @Test("A payload follows these commands and no others")
    func payloads() {
        let names = Set(Self.sides.flatMap { $0.forms.map { $0.name } })
        #expect(names.filter(Direction.fromServer.carriesPayload) == (["MSG", "NOT", "IPG"] as Set))
        #expect(names.filter(Direction.fromClient.carriesPayload) == (["MSG", "SDC", "PAG", "QRY"] as Set))
    }

    @Test("Values are found by names of three bytes, and by nothing else")
    func nameTable() {
        let names = Self.sides.flatMap { $0.forms.map { $0.name } }
        let table = NameTable(Set(names).map { (key: $0, value: $0) })
        #expect(table.values == Set(names).sorted())
        for name in names { #expect(table[name] == name) }
        for name in ["", "?", "AAA", "ZZZ", "lst", "LS", "LSTS", "L\u{E9}", "LS\u{212A}", "\0\0\0"] {
            #expect(table[name] == nil)
        }
        #expect(NameTable<Int>([:])["LST"] == nil)
    }

    @Test("A session can do without these commands and no others")
    func optional() {
        #expect(
            OptionalCommand.allCases.map(\.rawValue) == [
                "ADD", "BLP", "CVR", "FND", "GTC", "IMS", "LST", "PAG", "PNG", "PRP", "REA", "REM", "SDC", "SND",
                "URL", "XFR",
            ])
        for name in ["CHG", "OUT", "XYZ", "NLN", "add"] { #expect(OptionalCommand(rawValue: name) == nil) }
    }

    @Test("Errors come from servers alone")
    func errors() {
        #expect(Direction.fromServer.form(of: "911", onSwitchboard: true) is ErrorForm.Type)
        #expect(Direction.fromServer.form(of: "9110", onSwitchboard: false) == nil)
        #expect(Direction.fromClient.form(of: "911", onSwitchboard: false) == nil)
    }
}
