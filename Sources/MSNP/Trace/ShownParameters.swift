import ByteText

/// Which parameters of a command hold no secret, by their places.
struct ShownParameters {
    enum Rule {
        case whole
        /// A URL, but for its query, in which sites put tickets.
        case withoutQuery
        case blanked
    }

    /// The first so many are shown.
    private let count: Int
    /// But for these.
    private var rules: [Int: Rule] = [:]

    func rule(for index: Int) -> Rule { index < count ? rules[index] ?? .whole : .blanked }

    init(_ frame: Frame, _ direction: Direction, onSwitchboard: Bool) {
        let parameters = frame.parameters
        func says(_ word: String, at index: Int) -> Bool {
            parameters.indices.contains(index) && ASCII.equals(parameters[index], word)
        }
        switch (direction, onSwitchboard, frame.command) {
        // Package and step. Then comes a handle (`I`), or a challenge or hash (`S`): a challenge can be the salt of an
        // account for good (protocol.md 18.1).
        case (.fromClient, false, "USR"): count = says("MD5", at: 1) && says("I", at: 2) ? 4 : 3
        case (.fromServer, false, "USR"): count = says("OK", at: 1) ? 5 : 3
        // The cookie is third in both.
        case (.fromClient, true, "USR"): count = 2
        case (.fromClient, true, "ANS"):
            count = 4
            rules[2] = .blanked
        // Behind the address of a switchboard comes the word for what its cookie is, and the cookie.
        case (.fromServer, false, "XFR"): count = says("NS", at: 1) || says("SB", at: 1) ? 4 : 2
        case (.fromServer, false, "RNG"):
            count = 6
            rules[3] = .blanked
        case (.fromServer, false, "URL"):
            count = 4
            (rules[1], rules[2]) = (.withoutQuery, .withoutQuery)
        case (.fromServer, _, let command) where ErrorCode(parsing: command) != nil: count = 1
        default: count = Self.counts(direction, onSwitchboard)[frame.command] ?? 0
        }
    }

    /// How many parameters a command has, where none of them is a secret.
    private static func counts(_ direction: Direction, _ onSwitchboard: Bool) -> [String: Int] {
        switch (direction, onSwitchboard) {
        case (.fromClient, false): fromClient
        case (.fromServer, false): fromServer
        case (.fromClient, true): toSwitchboard
        case (.fromServer, true): fromSwitchboard
        }
    }

    /// More than any list of dialects, versions or search terms has.
    private static let all = 32

    /// Of `QRY` the client's name, and not the answer, which is the payload.
    private static let fromClient = [
        "VER": all, "INF": 1, "CVR": all, "CVQ": all, "OUT": 0, "SYN": 2, "LST": 2, "GTC": 2, "BLP": 2, "PRP": 3,
        "ADD": 4,
        "REM": 3, "REA": 3, "CHG": 2, "PNG": 0, "CHL": 1, "QRY": 2, "URL": 3, "XFR": 2, "FND": all, "SND": all,
        "SDC": 8,
        "PAG": 2, "IMS": 2,
    ]

    /// Of `CHL` the challenge, which is new each time and to which the answer alone is a secret.
    private static let fromServer = [
        "VER": all, "INF": all, "CVR": all, "CVQ": all, "OUT": 1, "SYN": 2, "LST": 7, "GTC": 3, "BLP": 3, "PRP": 4,
        "BPR": 4, "ADD": 5, "REM": 4, "REA": 4, "CHG": 2, "ILN": 4, "NLN": 3, "FLN": 1, "QNG": 0, "CHL": 2, "QRY": 1,
        "MSG": 2, "NOT": 0, "IPG": 0, "FND": all, "SND": 2, "SDC": 2, "IMS": 3,
    ]
    private static let toSwitchboard = ["CAL": 2, "MSG": 2, "OUT": 0]
    private static let fromSwitchboard = [
        "USR": 4, "CAL": 3, "IRO": 5, "ANS": 2, "JOI": 2, "BYE": 2, "MSG": 2, "ACK": 1, "NAK": 1, "OUT": 1,
    ]
}
