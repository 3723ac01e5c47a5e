import HTTPFront

extension Response {
    /// A body of JSON that is ready.
    static func json(_ body: [UInt8], status: Int = 200) -> Response {
        var response = Response(status: status, body: body)
        response.set("Content-Type", "application/json")
        return response
    }

    /// A value as JSON.
    static func json(_ value: some JSONWritable, status: Int = 200) -> Response {
        json(JSONWriter.bytes(of: value), status: status)
    }

    static let noContent = Response(status: 204)
}
