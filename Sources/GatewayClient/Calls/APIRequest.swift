/// A call of the API as HTTP has it, for whatever has no function of its own.
public struct APIRequest: Sendable {
    /// `GET`, say.
    public var method: String
    /// From `/v1` on, with whatever it names percent-encoded (`APIRequest.segment`).
    public var path: String
    /// The parameters of the query, neither of them encoded.
    public var query: [(name: String, value: String)]
    /// Fields besides those that every call has.
    public var headers: [(name: String, value: String)]
    /// JSON, as a rule; nil for none.
    public var body: [UInt8]?
    /// Of the body.
    public var contentType = "application/json"
    /// What the call may take besides `ClientOptions.timeout`, because it waits for something.
    public var wait: Duration = .zero
    /// Whether its answer has no end, as a stream's: then it may take as long as it does.
    public var isEndless = false

    public init(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// What a path names, percent-encoded (RFC 3986, 2.3): an account, say.
    public static func segment(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }

    /// Path and query as they stand in a request.
    var target: String {
        guard !query.isEmpty else { return path }
        let parameters = query.map { "\(Self.segment($0.name))=\(Self.segment($0.value))" }
        return path + (path.contains("?") ? "&" : "?") + parameters.joined(separator: "&")
    }

    /// Whether the same request twice does nothing more than once, so that a connection that was lost may be replaced.
    var isRepeatable: Bool {
        method != "POST" && method != "PATCH" || headers.contains { $0.name.lowercased() == "idempotency-key" }
    }

    /// Throws `GatewayError.invalidRequest` for what would end a line of the head, or is no path.
    func check() throws(GatewayError) {
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5a).contains($0) }) else {
            throw .invalidRequest("A method consists of capital letters.")
        }
        guard path.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x23 })
        else { throw .invalidRequest("A path begins with a slash, and is percent-encoded.") }
        let fields = headers + [("content-type", contentType)]
        let isField = fields.allSatisfy { field in
            !field.name.isEmpty && field.name.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x3a }
                && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
        }
        guard isField else { throw .invalidRequest("A field can't have control characters.") }
    }
}
