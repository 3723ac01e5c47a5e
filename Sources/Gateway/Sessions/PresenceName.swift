import MSNP

extension Presence {
    /// The API's word for it.
    var name: String {
        switch self {
        case .online: "online"
        case .busy: "busy"
        case .idle: "idle"
        case .beRightBack: "beRightBack"
        case .away: "away"
        case .onThePhone: "onThePhone"
        case .outToLunch: "outToLunch"
        case .appearOffline: "appearOffline"
        case .offline: "offline"
        }
    }

    /// As an answer: `{"status":"online"}`.
    var body: [UInt8] { Self.bodies[self] ?? [] }

    private static let bodies = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0, JSONWriter.bytes(of: JSONMember("status", $0.name))) })

    /// The words that can be set: `offline` is not one of them.
    static let settable = Words(Presence.allCases.filter { $0 != .offline }, \.name)
    /// The words that somebody can be seen with: whoever appears offline is seen as offline.
    static let visible = Words(Presence.allCases.filter { $0 != .appearOffline }, \.name)
}
