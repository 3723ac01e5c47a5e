import HTTPFront
import Logging
import Loops

/// What every answer to one request shares.
///
/// One object, which whoever answers later holds.
final class Context: Sendable {
    let head: RequestHead?
    /// What was called; nil where it did not come to that.
    private let known: KnownRequest?
    private let requestID: RequestID
    private let logger: Logger
    /// Seconds of `Prefer: wait`, where they were honoured: a caller that asked for more than it may have is told.
    private let appliedWait: Int?
    private let sharing: CrossOriginSharing
    /// Who counts the answer, and since when it is under way.
    private let meter: RouteMeter
    private let arrival: MonotonicInstant
    /// Nil where what was called has no limit.
    private let limited: Endpoint.Limited?

    init(
        head: RequestHead?, known: KnownRequest? = nil, logger: Logger, appliedWait: Int?,
        sharing: CrossOriginSharing, meter: RouteMeter, arrival: MonotonicInstant,
        limited: Endpoint.Limited? = nil
    ) {
        self.head = head
        self.known = known
        requestID = RequestID(sent: known.map(\.requestID) ?? RequestID.sent(in: head))
        self.logger = logger
        self.appliedWait = appliedWait
        self.sharing = sharing
        self.meter = meter
        self.arrival = arrival
        self.limited = limited
    }

    /// Bytes of header fields that limits take.
    private static let limitBytes = 128

    /// What nearly all answers have, checked and put together once.
    private static let usual: (whole: HeaderFields, withoutCaching: HeaderFields) = {
        let sniffing: HeaderFields = [("X-Content-Type-Options", "nosniff")]
        var whole: HeaderFields = [("Cache-Control", "no-store")]
        whole.add(sniffing)
        return (whole, sniffing)
    }()

    /// Turns a result into the answer that is sent: problem documents, conditional requests, the common headers.
    ///
    /// - Parameter opens: whether the answer is a stream, which takes a place from now on.
    func finish(_ result: Result<Response, Problem>, opens: Bool = false) -> Response {
        var response: Response
        switch result {
        case .success(let ready): response = ready
        case .failure(let problem):
            response = problem.response(instance: head?.path ?? "", requestID: requestID.text)
            if problem.code == .internalError {
                logger.error("internal error", metadata: metadata(["detail": "\(problem.detail)"]))
            }
        }
        // At once, and not for each field: those that were there are shared with whoever made the answer.
        response.headers.reserve(bytes: Response.usualBytes + (limited == nil ? 0 : Self.limitBytes))
        if response.status == 200, known?.hasTags ?? true, head?.isSafe == true, let tag = response.value(of: "ETag"),
            EntityTag.isKnown(tag, to: ListField.value(of: "If-None-Match", in: head))
        {
            response.status = 304
            response.body = []
            // What describes a body that isn't sent (RFC 9110, 15.4.5).
            response.headers.remove("Content-Type")
        }
        tellLimits(of: result, in: &response, opens: opens)
        response.headers.add(
            response.headers.contains("Cache-Control") ? Self.usual.withoutCaching : Self.usual.whole)
        // A replayed answer waited for nothing, and a refusal did not come to that.
        if let appliedWait, response.value(of: "Preference-Applied") == nil, !(400..<500).contains(response.status),
            response.value(of: "Idempotency-Replayed") == nil
        {
            response.set("Preference-Applied", "wait=\(appliedWait)")
        }
        response.headers.add("X-Request-Id") { requestID.write(to: &$0) }
        sharing.apply(to: &response, for: head)
        return response
    }

    /// Limits are told as they are now, also where the answer is that to an earlier request.
    private func tellLimits(of result: Result<Response, Problem>, in response: inout Response, opens: Bool) {
        var exceeded: [ServiceLimit] = []
        if case .failure(let problem) = result { exceeded = problem.limits }
        guard let limited, (200..<300).contains(response.status) || response.status == 429,
            var told = known?.endpoint.limit?(limited), !exceeded.contains(where: { $0.name == told.name })
        else { return response.tell(exceeded) }
        if opens { told.remaining = max(0, told.remaining - 1) }
        if exceeded.isEmpty { response.tell(CollectionOfOne(told)) } else { response.tell([told] + exceeded) }
    }

    /// Finishes an answer that is sent in any case, and counts it.
    func finishLast(_ result: Result<Response, Problem>) -> Response {
        let response = finish(result)
        count(response.status)
        return response
    }

    /// The answer has gone out, or nobody is there for one any more.
    func count(_ status: Int) {
        let duration = MonotonicInstant.now - arrival
        meter.count(head?.method ?? "", status, after: duration)
        guard logger.logLevel <= .debug else { return }
        // The route and not the path, in which accounts stand.
        logger.debug(
            "answered",
            metadata: metadata([
                "method": "\(meter.method(head?.method ?? ""))", "route": "\(meter.route)", "status": "\(status)",
                "milliseconds": "\(duration / .milliseconds(1))",
            ]))
    }

    /// The trace that the request is part of; looked for when somebody asks, as most have none.
    var traceParent: TraceParent? { TraceParent(of: head) }

    /// What a line of the log says of the request, besides what it is about.
    private func metadata(_ others: Logger.Metadata) -> Logger.Metadata {
        var metadata = others
        metadata["requestId"] = "\(requestID.text)"
        if let traceParent {
            metadata["traceId"] = "\(traceParent.trace.text)"
            metadata["parentId"] = "\(traceParent.parentText)"
        }
        return metadata
    }
}
