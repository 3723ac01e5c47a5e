/// What can be set for one backend, as `backend.NAME.…`.
///
/// None of the names is the end of another after a word boundary, so that the environment names of two backends can't
/// be the same although hyphens and dots both become underscores.
package enum BackendSetting: String, CaseIterable, Sendable {
    case loginHosts
    case keepalive
    case quirks
    case dialects
    case rewrites
    case allowedAddresses
    case connectTimeout
    case signInTimeout
    case requestTimeout
    case signInsInFlight

    var shape: Setting.Shape {
        switch self {
        case .loginHosts, .quirks, .dialects, .rewrites, .allowedAddresses: .list
        case .keepalive, .connectTimeout, .signInTimeout, .requestTimeout, .signInsInFlight: .text
        }
    }
}
