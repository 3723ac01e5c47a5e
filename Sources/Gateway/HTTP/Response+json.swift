import HTTPFront

extension Response {
    /// A body of JSON that is ready.
    static func json(_ body: [UInt8], status: Int = 200) -> Response {
        Response(status: status, headers: headersOfJSON, body: body)
    }

    /// A value as JSON.
    static func json(_ value: some JSONWritable, status: Int = 200) -> Response {
        json(JSONWriter.bytes(of: value), status: status)
    }

    /// Bytes of header fields that nearly all answers have.
    static let usualBytes = 224

    /// One for all: whoever adds to it has a copy.
    private static let headersOfJSON: HeaderFields = [("Content-Type", "application/json")]

    static let noContent = Response(status: 204)
}
