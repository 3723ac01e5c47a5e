/// An answer: status, header fields and body.
///
/// The server itself adds `Date`, `Content-Length` and `Connection` and leaves the body of an answer to HEAD out, so that
/// HEAD is answered as GET. A response with a field that can't be sent (a name that isn't a token, a control character in
/// a value: somebody's header injection) is replaced as a whole by an empty 500.
package struct Response: Sendable, Equatable {
    /// The status code, from 200 to 599.
    package var status: Int
    package var headers: HeaderFields
    /// The content, shared with whoever else sends the same.
    package var body: [UInt8]

    package init(status: Int, headers: HeaderFields = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Makes this the only field of its name.
    package mutating func set(_ name: String, _ value: String) { headers.set(name, value) }

    /// Adds a field, also when there is one of this name.
    package mutating func add(_ name: String, _ value: String) { headers.add(name, value) }

    /// The value of the first field of a name.
    package func value(of name: String) -> String? { headers.first(of: name) }
}
