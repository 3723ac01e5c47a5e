import Gateway

/// The setting of one number in `GatewayLimits`.
struct LimitSetting: Sendable {
    /// Larger limits limit nothing, and none of the sums made of them can overflow.
    static let largest = Int(Int32.max)

    let setting: Setting
    let smallest: Int
    let path: any (WritableKeyPath<GatewayLimits, Int> & Sendable)

    private init(_ name: String, from smallest: Int, _ path: any (WritableKeyPath<GatewayLimits, Int> & Sendable)) {
        setting = Setting("limits.\(name)")
        self.smallest = smallest
        self.path = path
    }

    /// 0 where nothing at all is a sensible limit, or switches it off; 1 where it would close the gateway.
    static let all = [
        LimitSetting("sessions", from: 1, \.sessions),
        LimitSetting("sessionsPerAnonymousAddress", from: 1, \.sessionsPerAnonymousAddress),
        LimitSetting("connectionsPerAddress", from: 0, \.connectionsPerAddress),
        LimitSetting("tokensPerSession", from: 1, \.tokensPerSession),
        LimitSetting("parkedPollsPerSession", from: 1, \.parkedPollsPerSession),
        LimitSetting("streamsPerSession", from: 1, \.streamsPerSession),
        LimitSetting("tracesPerSession", from: 0, \.tracesPerSession),
        LimitSetting("readersPerFeed", from: 1, \.readersPerFeed),
        LimitSetting("feedReferences", from: 1, \.feedReferences),
        LimitSetting("endedSessionAge", from: 0, \.endedSessionAge),
        LimitSetting("deletedSessionAge", from: 0, \.deletedSessionAge),
        LimitSetting("endedSessions", from: 0, \.endedSessions),
        LimitSetting("endedSessionsPerAnonymousAddress", from: 0, \.endedSessionsPerAnonymousAddress),
        LimitSetting("idleTimeout", from: 0, \.idleTimeout),
        LimitSetting("journal.events", from: 0, \.journal.events),
        LimitSetting("journal.bytes", from: 0, \.journal.bytes),
        LimitSetting("journal.age", from: 0, \.journal.age),
        LimitSetting("totalJournalBytes", from: 0, \.totalJournalBytes),
    ]
}
