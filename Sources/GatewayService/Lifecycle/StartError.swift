package import Gateway
package import HTTPFront
package import MSNP

/// Why the process can't start although its settings are in order.
package enum StartError: Error, Sendable {
    case http(HTTPServerError)
    case pages(StaticFilesError)
    /// The API keys can't be read.
    case keys(APIKeySourceError)
    /// The sandbox can't listen there; the reason is the system's.
    case sandbox(ServerAddress, reason: String)
}

extension StartError: CustomStringConvertible {
    /// In one line.
    package var description: String {
        switch self {
        case .http(let error): "\(error)"
        case .keys(let error): "\(error)"
        case .pages(.unreadable(let path)): "can't read \(LogText.quoted(path)), one of the pages to serve"
        case .pages(.tooLarge(let path)):
            "the pages in \(LogText.quoted(path)) are larger than a page can be; is this the right directory?"
        case .sandbox(let address, let reason): "the sandbox can't listen on \(address): \(reason)"
        }
    }
}
