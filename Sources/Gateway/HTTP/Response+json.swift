import HTTPFront

extension Response {
    /// A body of JSON that is ready.
    static func json(_ body: [UInt8], status: Int = 200) -> Response {
        var response = Response(status: status, body: body)
        response.headers.reserve(fields: usualFields, bytes: usualBytes)
        response.set("Content-Type", "application/json")
        return response
    }

    /// A value as JSON.
    static func json(_ value: some JSONWritable, status: Int = 200) -> Response {
        json(JSONWriter.bytes(of: value), status: status)
    }

    /// Header fields and their bytes that there is room for at once: those of nearly all answers.
    private static let usualFields = 8, usualBytes = 256

    static let noContent = Response(status: 204)
}
