/// Makes requests of the public URL: all that the doctor knows of HTTP.
package protocol HTTPAsking: Sendable {
    /// Makes one request, which ends within its patience; throws where no answer began.
    func ask(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer
}

/// A request of the public URL.
package struct HTTPRequest: Sendable {
    package var method = "GET"
    /// With its query, from the slash on.
    package var path: String
    /// Names and values.
    package var fields: [(name: String, value: String)] = []
    /// JSON; nil for none.
    package var body: [UInt8]?
    /// Seconds for all of it; what has come by then is the answer.
    package var patience = 10
    /// Whether a certificate that can't be believed is a failure; only what has no secret goes without.
    package var isVerified = true
    /// Whether the first bytes of the body are enough.
    package var endsWithFirstPiece = false

    package init(_ method: String, _ path: String) {
        (self.method, self.path) = (method, path)
    }
}

/// What came.
package struct HTTPAnswer: Equatable, Sendable {
    /// The status code.
    package var status: Int
    /// Names in lower case, and values.
    package var fields: [HTTPField] = []
    /// As much of it as is kept.
    package var body: [UInt8] = []
    /// Seconds from the request to the head.
    package var headAfter = 0.0
    /// Seconds to the end, or to where it was cut off.
    package var seconds = 0.0
    /// Whether it ended before it was whole.
    package var isCut = false
    /// Seconds since 1970, by this machine's clock, at the time of the head.
    package var time: Int64 = 0
    /// When the certificate expires, in seconds since 1970; nil without TLS.
    package var certificateEnd: Int64?

    package init(status: Int) { self.status = status }

    /// The value of the first field with that name, in lower case; nil without one.
    package func value(of name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// A field of an answer.
package struct HTTPField: Equatable, Sendable {
    /// In lower case.
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// Why no answer began.
package enum HTTPFailure: Error, Equatable, Sendable {
    /// The name has no address.
    case unresolved
    /// Nobody listens there.
    case refused
    /// Nothing came in time.
    case timedOut(seconds: Double)
    /// The other side closed.
    case closed(seconds: Double)
    /// The certificate can't be believed.
    case certificate(CertificateFault)
    /// TLS could not be agreed on.
    case tls
    /// Something on this machine is missing, in the system's words.
    case unavailable(String)
}

/// What is wrong with a certificate.
package enum CertificateFault: Equatable, Sendable {
    case expired
    case notYetValid
    case otherName
    case untrusted
}
