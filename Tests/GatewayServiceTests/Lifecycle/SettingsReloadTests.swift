import Gateway
import Locking
import Logging
import TestSupport
import Testing

@testable import GatewayService

@Suite struct SettingsReloadTests {
    /// What a reload is handed, and what came of it.
    private final class Stage: Sendable {
        let file: Locked<String>
        let applied = Recorder<ServeSettings>()
        let keys = Recorder<Bool>()
        let lines = Recorder<String>()
        let threshold = LogThreshold(.info)
        private let started: ServeSettings

        init(_ text: String) throws {
            file = Locked(text)
            started = try sandboxSettings(file: text)
        }

        var reload: SettingsReload {
            let logger = Logger(label: "test") { _ in RecordingHandler(lines: self.lines, threshold: self.threshold) }
            return SettingsReload(
                started,
                SettingsReload.Target(
                    apply: { self.applied.record($0) }, rereadKeys: { self.keys.record(true) }),
                threshold, logger
            ) { () throws(SettingsError) in
                do {
                    return try sandboxSettings(file: self.file.withLock { $0 })
                } catch let error as SettingsError {
                    throw error
                } catch {
                    throw SettingsError(problem: "\(error)")
                }
            }
        }

        func write(_ text: String) { file.withLock { $0 = text } }
    }

    private struct RecordingHandler: LogHandler {
        let lines: Recorder<String>
        let threshold: LogThreshold
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level {
            get { threshold.level }
            set { threshold.level = newValue }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let said = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            lines.record("\(event.level) \(event.message) \(said)")
        }
    }

    @Test("What changed counts and is named, and so is what needs a restart, each time until there was one")
    func changes() throws {
        let stage = try Stage("listen: 127.0.0.1:8080\nlimits.sessions: 5\n")
        let reload = stage.reload
        stage.write(
            "listen: 127.0.0.1:9090\nlimits.sessions: 6\ntrustedProxies: [10.0.0.1]\nproxyHeader: forwarded\n"
                + "backend.sandbox.keepalive: none\n")
        reload.run()
        reload.run()
        #expect(
            stage.lines.all == [
                "notice settings read again changed=limits.sessions,proxyHeader,trustedProxies "
                    + "needsRestart=backend.sandbox.keepalive,listen",
                "notice settings read again changed=nothing needsRestart=backend.sandbox.keepalive,listen",
            ])
        let last = try #require(stage.applied.all.last)
        #expect(last.gateway.limits.sessions == 6)
        #expect(last.gateway.trustedProxies == ["10.0.0.1"])
        #expect(last.gateway.proxyHeader == .forwarded)
        #expect(stage.keys.all.count == 2)
        stage.write("listen: 127.0.0.1:8080\n")
        reload.run()
        #expect(
            stage.lines.all.last
                == "notice settings read again changed=limits.sessions,proxyHeader,trustedProxies needsRestart=nothing")
        #expect(stage.applied.all.last?.gateway.limits == GatewayLimits())
    }

    @Test("Wrong settings change nothing and are said; the keys are read again in any case")
    func wrong() throws {
        let stage = try Stage("limits.sessions: 5\n")
        let reload = stage.reload
        stage.write("limits.sessions: many\n")
        reload.run()
        #expect(stage.applied.all.isEmpty)
        #expect(stage.keys.all.count == 1)
        #expect(stage.lines.all.count == 1)
        #expect(stage.lines.all.first?.hasPrefix("error can't read the settings again") == true)
        #expect(stage.lines.all.first?.contains("limits.sessions") == true)
    }

    @Test("The log level follows, and its change is seen at either level")
    func logLevel() throws {
        let stage = try Stage("logLevel: info\n")
        let reload = stage.reload
        stage.write("logLevel: error\n")
        reload.run()
        #expect(stage.threshold.level == .error)
        stage.write("logLevel: debug\n")
        reload.run()
        #expect(stage.threshold.level == .debug)
        #expect(
            stage.lines.all
                == Array(repeating: "notice settings read again changed=logLevel needsRestart=nothing", count: 2))
    }

    @Test("A pipe has nothing to say a second time, and nobody waits for it")
    func noFile() throws {
        var flags = ServeFlags()
        flags.sandbox = .alone
        flags.config = "/dev/null"
        _ = try ServeSettings(flags: flags, environment: [:])
        #expect(throws: SettingsError.self) { try ServeSettings(rereading: flags, environment: [:]) }
        flags.config = nil
        _ = try ServeSettings(rereading: flags, environment: [:])
    }

    @Test("However few files there may be, HTTP and the start have theirs")
    func descriptors() {
        #expect(DescriptorPlan(limit: 2_000, held: 100, http: 872, each: 1).connections == 949)
        #expect(DescriptorPlan(limit: 2_000, held: 100, http: 872, each: 2).connections == 474)
        #expect(DescriptorPlan(limit: 256, held: 100, http: 16, each: 1).connections == 88)
        #expect(DescriptorPlan(limit: 64, held: 60, http: 16, each: 1).connections == DescriptorPlan.fewest)
        #expect(DescriptorPlan.webhooks(files: 20_000) == 312)
        #expect(DescriptorPlan.webhooks(files: 1 << 30) == 512)
        #expect(DescriptorPlan.webhooks(files: 64) == 4)
    }
}
