import Curl
import Dispatch
import Locking

/// Requests by libcurl's multi interface, on one thread, which begins with the first of them and ends with this object.
final class HTTPTransport: Sendable {
    /// Connections that are kept for the next request.
    private static let mostIdle = 16

    private let address: GatewayAddress
    private let options: ClientOptions
    private let mailbox = Locked<TransferMailbox?>(nil)

    init(_ address: GatewayAddress, _ options: ClientOptions) {
        self.address = address
        var options = options
        // Nothing of it ends the line that it stands in.
        options.userAgent.unicodeScalars.removeAll { !(0x20...0x7e).contains($0.value) }
        if address.socket != nil || options.proxy == .environment && address.isLoopback { options.proxy = .direct }
        self.options = options
    }

    /// Sends a request, and gives its answer, of whatever status; a task that is cancelled ends it.
    ///
    /// - Parameter receiving: takes pieces of a successful answer on the transport's thread; nil to have them in the answer.
    func send(
        _ request: APIRequest, as credential: GatewayCredential?, receiving: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(GatewayError) -> APIResponse {
        try request.check()
        guard !Task.isCancelled else { throw .cancelled }
        let mailbox = try open()
        let id = mailbox.number()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.say(.begin(order(id, request, credential, receiving, continuation)))
                // A task that was cancelled before has said so of a request that nobody knew.
                if Task.isCancelled { mailbox.say(.cancel(id)) }
            }
        } onCancel: {
            mailbox.say(.cancel(id))
        }
        return try outcome.get()
    }

    private func open() throws(GatewayError) -> TransferMailbox {
        try mailbox.withLock { mailbox throws(GatewayError) in
            if let mailbox { return mailbox }
            let multi: CurlMulti
            do throws(CurlError) {
                multi = try CurlMulti(mostIdle: Self.mostIdle)
            } catch {
                throw .unavailable(error.description)
            }
            let opened = TransferMailbox(multi)
            let options = options
            // A queue of its own is a thread of its own for as long as what runs there does not return.
            DispatchQueue(label: "gateway-client").async { TransferThread(options, opened).run() }
            mailbox = opened
            return opened
        }
    }

    private func order(
        _ id: UInt64, _ request: APIRequest, _ credential: GatewayCredential?,
        _ receiving: (@Sendable ([UInt8]) -> Void)?,
        _ ending: CheckedContinuation<Result<APIResponse, GatewayError>, Never>
    ) -> TransferOrder {
        var fields = request.headers.map { "\($0.name): \($0.value)" }
        if let credential { fields.append("authorization: Bearer \(credential.text)") }
        // No `Expect`, for which some wait a second; and no type of libcurl's own.
        fields += ["expect:", request.body == nil ? "content-type:" : "content-type: \(request.contentType)"]
        return TransferOrder(
            id: id, method: request.method, url: address.base + request.target, socket: address.socket, fields: fields,
            // Of these a length is expected, also where there is nothing (RFC 9110, 8.6).
            body: request.body ?? (["PATCH", "POST", "PUT"].contains(request.method) ? [] : nil),
            milliseconds: request.isEndless ? 0 : max(1, (options.timeout + request.wait).milliseconds),
            isFresh: !request.isRepeatable, receiving: receiving, ending: ending)
    }

    deinit { mailbox.withLock { $0?.say(.close) } }
}
