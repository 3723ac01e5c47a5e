import Gateway
import GatewayService
package import Loops
import MSNP
import MSNPClient

/// Looks at a gateway's machine, its backends and the way to it through its public URL.
package struct Doctor: Sendable {
    private let options: DoctorOptions
    private let client: any HTTPAsking
    private let leftovers = Leftovers()

    package init(_ options: DoctorOptions, client: any HTTPAsking) {
        (self.options, self.client) = (options, client)
    }

    /// Runs every check, and says what they came to; throws where the process lacks threads or descriptors for it.
    package func run(each told: (CheckResult) -> Void = { _ in }) async throws(SystemCallError) -> DoctorReport {
        let settings = readSettings()
        let runtime = try ClientRuntime(loops: 1)
        var visit = Visit(leftovers)
        var results: [CheckResult] = []
        for check in checks(settings, runtime) where !leftovers.isOver {
            for result in await check.run(&visit) {
                results.append(result)
                told(result)
            }
        }
        await leave()
        await runtime.shutdown()
        return DoctorReport(results)
    }

    /// Takes back what was made at the gateway, also while a run is under way, which makes no more then and ends.
    package func leave() async { await leftovers.takeBack(client) }

    private func readSettings() -> SettingsReading {
        guard options.hasSettings else { return .none }
        do throws(SettingsError) {
            return .read(try ServeSettings(flags: options.flags, environment: options.environment))
        } catch {
            return .refused(error)
        }
    }

    private func checks(_ reading: SettingsReading, _ runtime: ClientRuntime) -> [any Check] {
        let settings = reading.settings
        let directory = settings?.stateDirectory ?? options.stateDirectory
        var checks: [any Check] = [
            SettingsCheck(reading: reading),
            DescriptorsCheck(wanted: settings?.saidSessions, stateDirectory: directory),
            StateDirectoryCheck(directory: directory),
            DiskCheck(directory: directory),
            StateContentCheck(directory: directory, isKept: settings.map { $0.state != nil } ?? true),
        ]
        let backends = settings?.gateway.backends ?? []
        for backend in backends {
            let isWithin = settings?.sandbox != nil && backend.name == ServeSettings.sandboxBackend
            checks.append(BackendCheck(backend: backend, isWithinGateway: isWithin, runtime: runtime))
            checks.append(
                TestAccountCheck(
                    backend: backend, account: account(for: backend.name, among: backends), runtime: runtime))
        }
        guard let url = options.url else { return checks + [ReachCheck(url: nil, client: client)] }
        let origins = options.origins + (settings?.gateway.corsOrigins.sorted() ?? [])
        return checks + [
            ReachCheck(url: url, client: client),
            ClockCheck(),
            HostCheck(url: url, client: client),
            SharingCheck(origins: origins.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }, client: client),
            ReaderCheck(
                key: options.key, account: options.account, backend: options.account?.backend ?? backends.first?.name,
                client: client),
            StreamCheck(patience: options.patience, client: client),
            PollCheck(patience: options.patience, client: client),
            WebhookCheck(target: options.webhookListen, key: options.key, client: client),
        ]
    }

    private func account(
        for backend: String, among backends: [BackendConfiguration]
    ) -> DoctorOptions.TestAccount? {
        guard let account = options.account, account.backend ?? backends.first?.name == backend else { return nil }
        return account
    }
}
