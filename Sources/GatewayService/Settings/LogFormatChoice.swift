/// What can be set as `logFormat`.
enum LogFormatChoice: String, CaseIterable {
    case auto
    case text
    case json

    var format: LogFormat? {
        switch self {
        case .auto: nil
        case .text: .text
        case .json: .json
        }
    }
}
