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

    /// How many segments its paths have.
    var depth: Int { segments.count }

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
    func match(_ path: [Substring]) -> PathParameters? {
        guard path.count == segments.count else { return nil }
        // From behind: nearly all begin with the same words.
        for index in segments.indices.reversed() {
            switch segments[index] {
            case .literal(let literal): guard ASCII.equals(literal.text, path[index]) else { return nil }
            case .variable: guard !path[index].utf8.isEmpty else { return nil }
            }
        }
        var values = PathParameters()
        for (segment, text) in zip(segments, path) {
            if case .variable(let name) = segment { values.add(name, text) }
        }
        return values
    }
}

/// The values of a path's variables, decoded: one or two.
///
/// They are parts of the path, so that those that nobody keeps are never copied.
struct PathParameters: Sendable {
    private var values: [(name: String, value: Substring)] = []

    init() {}

    subscript(name: String) -> Substring? { values.first { $0.name == name }?.value }

    mutating func add(_ name: String, _ value: Substring) { values.append((name, value)) }
}
