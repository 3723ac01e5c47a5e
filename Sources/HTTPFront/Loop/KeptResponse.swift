/// The answer that a connection was given last, as the library has it: the next one is made of it where it is the same but for the
/// value of a field.
///
/// Whoever reads again and again what does not change gets the same answer under another `X-Request-Id`. The library copies the
/// name and the value of each field: of the 15 allocations of a read of presence 12 were the library's, and 3 are left.
///
/// Confined to its loop's thread, and changed between two requests, when the library sends nothing of it.
final class KeptResponse {
    /// Bytes of a body that is kept with it: what is short is mostly there once for all connections.
    static let mostBody = 256

    private let outgoing: OutgoingResponse
    private let status: Int
    /// Those that the library's copy has.
    private var headers: HeaderFields
    /// Where it is, as the library's copy says.
    private let body: [UInt8]

    /// Nil when the library has no memory.
    ///
    /// The connection does not close after it. `exchange` keeps the body while it is sent for the first time.
    init?(_ response: Response, of exchange: Exchange) {
        guard let outgoing = OutgoingResponse(response, of: exchange, closing: false) else { return nil }
        self.outgoing = outgoing
        (status, headers, body) = (response.status, response.headers, response.body)
    }

    /// Makes it another answer; where it can't become that, it is neither this one nor the other, and of no use any more.
    func become(_ response: Response) -> Bool {
        // The very same array, as the library has its address.
        guard response.status == status, Self.place(of: response.body) == Self.place(of: body),
            let changed = headers.onlyChange(to: response.headers)
        else { return false }
        if let (old, new) = changed {
            guard outgoing.replace(old, of: headers, with: new, of: response.headers) else { return false }
        }
        headers = response.headers
        return true
    }

    /// Hands it to the library for a connection; false when that is of another mind.
    func queue(on connection: OpaquePointer) -> Bool { unsafe outgoing.queue(on: connection) }

    /// Where the bytes are and how many, by which an array that is held is told from others; nothing is read from there.
    static func place(of body: [UInt8]) -> Range<UInt> {
        unsafe body.withUnsafeBytes { bytes in
            let start = UInt(bitPattern: bytes.baseAddress)
            return start..<start + UInt(bytes.count)
        }
    }
}
