import GatewayService
import Glibc
import Logging
import ServiceLifecycle
import Testing

/// How the process ends when something does not; each test is a process of its own.
@Suite struct ServiceRunTests {
    @Test("After the signal services end in the opposite order of their start")
    func order() async {
        await #expect(processExitsWith: .exitCode(21)) {
            let order = Order()
            let services = [1, 2].map { number in
                ServiceGroupConfiguration.ServiceConfiguration.stopping("\(number)") { order.append(number) }
            }
            try await ServiceRun.run(services, .silent) { kill(getpid(), SIGTERM) }
            exit(order.digits)
        }
    }

    @Test func aSecondSignalExitsAtOnce() async {
        await #expect(processExitsWith: .exitCode(128 + SIGINT)) {
            let service = ServiceGroupConfiguration.ServiceConfiguration.stopping("hangs") {
                kill(getpid(), SIGINT)
                await forever()
            }
            try await ServiceRun.run([service], .silent, budget: .seconds(3_600)) { kill(getpid(), SIGTERM) }
        }
    }

    @Test("When the time is up the rest is left, as it was asked for")
    func aHangingServiceIsLeft() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let service = ServiceGroupConfiguration.ServiceConfiguration.stopping("hangs") { await forever() }
            try await ServiceRun.run([service], .silent, budget: .milliseconds(1)) { kill(getpid(), SIGTERM) }
            // Not reached: the service has no end.
            exit(1)
        }
    }
}

/// Returns when its task is cancelled, which no group of these tests is.
private func forever() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
}

extension Logger {
    fileprivate static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
