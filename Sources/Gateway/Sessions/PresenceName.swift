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

    init?(named name: String) {
        guard let presence = Presence.allCases.first(where: { $0.name == name }) else { return nil }
        self = presence
    }

    /// The words that can be set: `offline` is not one of them.
    static let settableNames = Presence.allCases.filter { $0 != .offline }.map(\.name)
}
