import HTTPFront

extension Response {
    /// Tells the caller of limits; written where the fields lie, as some routes are called for every event.
    mutating func tell(_ limits: some Collection<ServiceLimit>) {
        guard !limits.isEmpty else { return }
        if limits.contains(where: { $0.quota != nil }) {
            headers.add("RateLimit-Policy") { bytes in
                Self.writeList(of: limits.lazy.filter { $0.quota != nil }, to: &bytes) { $0.writePolicy(to: &$1) }
            }
        }
        headers.add("RateLimit") { bytes in
            Self.writeList(of: limits, to: &bytes) { $0.writeState(to: &$1) }
        }
    }

    /// A list of structured fields (RFC 9651, 4.1.1).
    private static func writeList(
        of limits: some Sequence<ServiceLimit>, to bytes: inout [UInt8],
        _ write: (ServiceLimit, inout [UInt8]) -> Void
    ) {
        var isFirst = true
        for limit in limits {
            if !isFirst { bytes.append(contentsOf: ", ".utf8) }
            isFirst = false
            write(limit, &bytes)
        }
    }
}

extension Problem {
    /// Says which limit it was that is reached, for as long as `Retry-After` says.
    func exceeding(_ limit: ServiceLimit) -> Problem {
        var limit = limit
        limit.remaining = 0
        limit.wait = retryAfter
        var problem = self
        problem.limits = [limit]
        return problem
    }
}
