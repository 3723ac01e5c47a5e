import Testing

@testable import HTTPFront

/// What a server takes of a limit of open files, where nobody says otherwise.
@Suite struct HTTPConfigurationTests {
    @Test(
        "Daemons are a sixteenth of the files at most, and those beyond the reserve leave connections less",
        arguments: [
            (files: 64, daemons: 4, connections: 16), (256, 16, 16), (1_024, 64, 384), (8_192, 512, 3_520),
            (1 << 20, 512, 523_712), (1, 1, 16),
        ])
    func shares(_ files: Int, _ daemons: Int, _ connections: Int) {
        #expect(HTTPConfiguration.daemons(files: files) == daemons)
        #expect(HTTPConfiguration.connections(files: files) == connections)
    }

    @Test("The loops share the daemons, and each has one")
    func loops() {
        let alone = HTTPConfiguration(loops: 1).daemonsPerLoop
        #expect(HTTPConfiguration(loops: 2).daemonsPerLoop == max(1, alone / 2))
        #expect(HTTPConfiguration(loops: 10_000).daemonsPerLoop == 1)
    }
}
