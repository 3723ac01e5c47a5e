/// How a gateway is called.
public struct ClientOptions: Sendable {
    /// From the start of a call to the end of its answer; calls that wait have this on top of their wait.
    public var timeout: Duration = .seconds(30)
    /// Until there is a connection.
    public var connectTimeout: Duration = .seconds(10)
    /// How long a poll for events waits for some: 0 to 50 s, and less where a proxy cuts earlier.
    public var pollWait: Duration = .seconds(25)
    /// Bytes of an answer, head and body, that are taken.
    public var longestAnswer = 64 << 20
    /// A file of certificates, in PEM, of those who are trusted instead of the system's authorities; nil for these.
    public var authorities: String?
    /// What calls go through; a gateway at a Unix socket is asked directly in any case.
    public var proxy = ClientProxy.direct
    /// What `User-Agent` says; visible ASCII and spaces.
    public var userAgent = "msnp-gateway-client"
    /// How long is waited before something is tried again where the gateway does not say.
    public var backoff = Backoff()
    /// A directory of the system's authorities, in files that are named after hashes; nil for libcurl's own.
    var systemAuthorities: String?
    /// How time passes; tests have one of their own.
    var time = ClientTime()

    public init() {}
}

/// What waiting needs of a clock.
struct ClientTime: Sendable {
    /// How much time has passed since some moment.
    var now: @Sendable () -> Duration = {
        let start = ContinuousClock().systemEpoch
        return start.duration(to: ContinuousClock.now)
    }
    /// Waits; throws where the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// A number of 0 to 1, so that not all come back in the same moment.
    var random: @Sendable () -> Double = { Double.random(in: 0..<1) }
}
