import ByteText
import HTTPFront

/// A path and what can be done there.
struct Route: Sendable {
    private enum Segment: Sendable {
        case literal(ByteText)
        case variable(String)
    }

    /// As the documentation writes it: `/v1/sessions/{sid}`.
    let template: String
    private let segments: [Segment]
    /// By method; `GET` stands for `HEAD` too.
    let endpoints: [String: Endpoint]

    init(_ template: String, _ endpoints: [String: Endpoint]) {
        self.template = template
        self.endpoints = endpoints
        segments = template.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { segment in
            segment.first == "{" ? .variable(String(segment.dropFirst().dropLast())) : .literal(ByteText(segment))
        }
    }

    /// For `Allow` (RFC 9110, 10.2.1).
    var allow: String {
        var methods = Set(endpoints.keys)
        if methods.contains("GET") { methods.insert("HEAD") }
        methods.insert("OPTIONS")
        return methods.sorted().joined(separator: ", ")
    }

    /// What a method does here; HEAD is done as GET.
    func endpoint(for head: RequestHead) -> Endpoint? {
        let method = head.isMethod("HEAD") ? "GET" : head.method
        return endpoints.first { ASCII.equals($0.key, method) }?.value
    }

    /// The variables' values if the path is this one; a variable is never empty.
    func match(_ path: [ByteText]) -> [String: ByteText]? {
        guard path.count == segments.count else { return nil }
        var values: [String: ByteText] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .literal(let literal): guard literal == text else { return nil }
            case .variable(let name):
                guard !text.text.isEmpty else { return nil }
                values[name] = text
            }
        }
        return values
    }
}
