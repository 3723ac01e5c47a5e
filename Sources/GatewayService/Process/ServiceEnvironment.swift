import Glibc
package import HTTPFront
import Loops

/// What a service manager hands to the process by its environment: sockets that listen already (sd_listen_fds(3)), where it wants
/// to hear how the service is (sd_notify(3)), and how often (sd_watchdog_enabled(3)).
package struct ServiceEnvironment: Sendable {
    /// The sockets, in their order; none where the process is to open one itself.
    package let sockets: [HTTPListener]
    /// Nil where nobody wants to hear anything.
    package let manager: ServiceManager?
    /// After how long without a word the manager ends the process; nil where it does not.
    package let watchdog: Duration?

    /// All of it belongs to this process and not to others that it may start.
    static let variables = [
        "LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID",
        "WATCHDOG_USEC",
    ]

    /// The number of the first socket (sd_listen_fds(3)).
    private static let first: Int32 = 3

    /// Reads the variables, and takes them out of the process's environment; before there are threads that read it.
    package static func take(_ environment: [String: String]) throws(SettingsError) -> ServiceEnvironment {
        // Reads the name and keeps nothing.
        for name in variables { unsafe unsetenv(name) }
        return try ServiceEnvironment(environment)
    }

    /// - Parameters:
    ///   - process: which the variables have to be meant for.
    ///   - first: the number of the first socket.
    init(
        _ variables: [String: String], process: pid_t = getpid(), first: Int32 = ServiceEnvironment.first
    ) throws(SettingsError) {
        // As with settings, an empty one counts as missing.
        let environment = variables.filter { !$0.value.isEmpty }
        func isMeant(_ name: String) -> Bool { environment[name].map { $0 == String(process) } ?? true }
        var sockets: [HTTPListener] = []
        // Without a process it is not said for whom they are.
        if environment["LISTEN_PID"] != nil, isMeant("LISTEN_PID"),
            let count = try Self.number("LISTEN_FDS", in: environment, atMost: HTTPServer.mostListeners)
        {
            let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
            for index in 0..<count {
                let name = index < names.count ? String(names[index]) : ""
                sockets.append(try Self.socket(first + Int32(index), named: name))
            }
        }
        self.sockets = sockets
        manager = try environment["NOTIFY_SOCKET"].map(Self.manager)
        let microseconds =
            isMeant("WATCHDOG_PID") ? try Self.number("WATCHDOG_USEC", in: environment, atMost: .max) : nil
        watchdog = microseconds.map { .microseconds($0) }
    }

    private static func socket(_ number: Int32, named name: String) throws(SettingsError) -> HTTPListener {
        do {
            return try HTTPListener(inheriting: number)
        } catch {
            let words = name.isEmpty ? "" : " (\(SettingsError.quote(name)))"
            throw SettingsError(source: .environment("LISTEN_FDS"), problem: "\(error)\(words)")
        }
    }

    private static func manager(at name: String) throws(SettingsError) -> ServiceManager {
        guard name.hasPrefix("/") || name.hasPrefix("@"), let endpoint = UnixEndpoint(name) else {
            throw SettingsError(
                source: .environment("NOTIFY_SOCKET"),
                problem: "\(SettingsError.quote(name)) is neither an absolute path nor an abstract name of a socket")
        }
        do {
            return try ServiceManager(at: endpoint)
        } catch {
            throw SettingsError(source: .environment("NOTIFY_SOCKET"), problem: "\(error.call): error \(error.code)")
        }
    }

    private static func number(
        _ name: String, in environment: [String: String], atMost most: Int
    ) throws(SettingsError) -> Int? {
        guard let text = environment[name] else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (1...most).contains(number)
        else {
            throw SettingsError(
                source: .environment(name), problem: "\(SettingsError.quote(text)) is not a number from 1 to \(most)")
        }
        return number
    }
}
