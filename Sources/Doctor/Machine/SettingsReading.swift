package import GatewayService

/// What came of reading the settings.
package enum SettingsReading: Sendable {
    /// Nobody has said anything.
    case none
    case read(ServeSettings)
    case refused(SettingsError)

    /// The settings, where they are in order.
    var settings: ServeSettings? { if case .read(let settings) = self { settings } else { nil } }
}
