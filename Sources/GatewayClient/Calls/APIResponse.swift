import FoundationEssentials

/// An answer as HTTP has it, of whatever status.
public struct APIResponse: Sendable {
    /// 200 to 599.
    public let status: Int
    /// In the order in which they came, with names in lower case.
    public let headers: [(name: String, value: String)]
    /// Empty where there is none, and where it was handed on in pieces.
    public let body: [UInt8]

    /// The first field of a name, which is in lower case; nil where there is none.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body as a value; throws `GatewayError.invalidAnswer` where it is none.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(GatewayError) -> Value {
        do {
            return try JSONCoding.decode(type, from: body)
        } catch {
            throw .invalidAnswer(status: status, "that is not the JSON that was expected")
        }
    }

    /// How long the gateway wants to be left alone: `Retry-After` in seconds, up to a day; nil without one.
    var retryAfter: Duration? {
        header("retry-after").flatMap { Int($0) }.map { .seconds(min(max($0, 0), 86_400)) }
    }

    /// Throws what is wrong, where it is no success.
    func checked() throws(GatewayError) -> APIResponse {
        guard !(200..<300).contains(status) else { return self }
        let isProblem = header("content-type")?.lowercased().hasPrefix("application/problem+json") == true
        guard isProblem, var problem = try? JSONCoding.decode(Problem.self, from: body), problem.status == status else {
            throw .invalidAnswer(
                status: status, (300..<400).contains(status) ? "it sends calls elsewhere" : "no problem document")
        }
        problem.retryAfter = retryAfter
        problem.isReplayed = header("idempotency-replayed") != nil
        throw .problem(problem)
    }
}
