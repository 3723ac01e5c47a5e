import FoundationEssentials
import Gateway
package import HTTPFront
import MSNP
import MSNPClient
import MSNPSandbox

extension ServeSettings {
    /// Reads flags, environment and the file that one of them names; throws `SettingsError`.
    ///
    /// - Parameter inherited: of the sockets that the service manager has opened for the process.
    package init(
        flags: ServeFlags, environment variables: [String: String], inherited: [ListenAddress] = []
    ) throws(SettingsError) {
        let environment = SettingsEnvironment(variables)
        let path = flags.config ?? environment.file
        let file = try path.map(SettingsFile.init(path:))
        try self.init(
            SettingsReader(flags: flags, environment: environment, file: file),
            inherited: inherited, credential: StateKeyFile.credential(in: variables))
    }

    /// The same once more, while the process runs.
    ///
    /// What was no file the first time, a pipe for example, has nothing more to say and would keep the reader waiting.
    package init(
        rereading flags: ServeFlags, environment: [String: String], inherited: [ListenAddress] = []
    ) throws(SettingsError) {
        if let path = flags.config ?? SettingsEnvironment(environment).file, !FileReader.isFile(path) {
            throw SettingsError(source: .file(path, line: nil), problem: "there is no file that could be read again")
        }
        try self.init(flags: flags, environment: environment, inherited: inherited)
    }

    /// - Parameters:
    ///   - inherited: of sockets that take the place of `listen`.
    ///   - credential: the file of keys that the service manager has laid out; nil where there is none.
    init(
        _ reader: SettingsReader, inherited: [ListenAddress] = [], credential: String? = nil
    ) throws(SettingsError) {
        let address = try reader.value(.listen, ListenAddress.expected) { ListenAddress(parsing: $0) }
        let listen = address ?? ListenAddress(host: "127.0.0.1", port: 8080)
        let sandbox = try reader.sandbox()
        let backends = try reader.backends(sandbox: sandbox)
        try reader.checkBackendNames(in: backends)
        let addresses = inherited.isEmpty ? [listen] : inherited
        var gateway = GatewayConfiguration(
            backends: backends, listensOnLoopback: addresses.allSatisfy(\.isLoopback))
        try reader.readAccess(into: &gateway)
        try reader.readLimits(into: &gateway.limits)
        try reader.readWebhooks(into: &gateway.webhooks)
        gateway.webDirectory = try reader.value(.webDirectory, "a directory") {
            FileManager.default.isDirectory($0) ? $0 : nil
        }
        self.init(listen: listen, gateway: gateway, sandbox: sandbox)
        self.inherited = inherited
        log = try reader.log()
        let ofBackends = backends.flatMap { backend in
            BackendSetting.allCases.map { Setting($0, of: backend.name) }
        }
        said = reader.said(of: Setting.all + ofBackends)
        stateDirectory = try reader.stateDirectory()
        state = try reader.state(in: stateDirectory, credential: credential)
        hasKeys = try stateDirectory.map(Self.hasKeys(in:)) ?? false
        try checkSignIn(reader)
    }

    /// A list of keys that can't be read is found before anything is started.
    private static func hasKeys(in directory: String) throws(SettingsError) -> Bool {
        do throws(APIKeySourceError) {
            return try KeysFile(directory: directory).read()?.list.isEmpty == false
        } catch {
            throw SettingsError(problem: "\(error)")
        }
    }

    /// An address that others reach needs somebody's decision about who may sign in.
    private func checkSignIn(_ reader: SettingsReader) throws(SettingsError) {
        guard let exposed = addresses.first(where: { !$0.isLoopback }), !hasKeys, gateway.openSignIn != true else {
            return
        }
        let directory = stateDirectory.map { SettingsError.quote($0) } ?? "DIR and serve with the same --state"
        // Exit code of the configuration even where a flag set the address: the decision is what is missing.
        throw SettingsError(
            key: Setting.listen.key,
            problem: "\(exposed) can be reached by others, and there are no API keys; make one with msnp-gateway keys "
                + "add NAME --state \(directory), or, to let everybody who reaches it sign in, set "
                + "\(Setting.openSignIn.key) (\(SettingsEnvironment.name(of: .openSignIn))) to true")
    }
}
