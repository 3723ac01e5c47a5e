/// How sign-ins that fail are slowed down.
enum SignInThrottleLimits {
    /// Failures of one account from one source without a wait: people mistype.
    static let free = 5
    /// The longest wait after them: a person who has found the password again is not kept out for good.
    static let longest: Duration = .seconds(300)
    /// Failures that long ago are forgotten.
    static let memory: Duration = .seconds(3600)

    /// Failures of one account from addresses that it has never signed in from, all together, without a wait.
    static let freeForAccount = 10
    /// One of them is forgotten after each minute, and never more than these are remembered: half an hour after the last
    /// guess everything is as before.
    static let accountFading: Duration = .seconds(60)
    static let mostForAccount = 40

    /// Failures of one address over all accounts that have never signed in from there, without a wait: a household.
    static let freeForSource = 20
    static let sourceFading: Duration = .seconds(60)
    static let mostForSource = 50
    /// How far apart an address that is beyond them gets its turns.
    static let turnInterval: Duration = .seconds(1)

    /// What others have done delays a sign-in by this much at most, and then its turn has come, whatever they do.
    static let longestTurn: Duration = .seconds(10)

    /// Sign-ins of one address that came to nothing, for whatever reason, before each next one waits for one to fade.
    ///
    /// The backend is asked no faster then. It is three times what an address may have open, and one a second.
    static let attempts = 60
    static let attemptFading: Duration = .seconds(1)
    /// The same for an account at an address that it has signed in from, which others there do not slow down.
    static let knownAttempts = 20

    /// What an API key may do where an address may do one: its people are as many as a hundred households.
    static let keyFactor = 100

    /// Pairs of account and source kept at most, some 20 MB.
    ///
    /// To push one out takes as many failures, which the limits of
    /// each address slow down to one a second.
    static let pairs = 100_000
    /// Accounts, and sources, that are counted over all of the other.
    static let accounts = 50_000
    static let sources = 50_000
    /// Accounts whose addresses are known, and addresses for each: home, work, a phone's few.
    static let knownAccounts = 50_000
    static let knownSources = 8
}
