import Curl
import Locking
import Loops

/// Webhooks by libcurl's multi interface, on one thread for all endpoints.
///
/// Neither library nor thread is there before `prepare` or the first request.
package final class CurlTransport: Sendable {
    private enum State {
        case notYet
        case running
        case closed
    }

    private let options: CurlOptions
    private let names: any NameResolving
    private let time: @Sendable () -> Int64
    private let mailbox: CurlMailbox
    private let state = Locked(State.notYet)

    /// A transport that has not begun.
    ///
    /// - Parameters:
    ///   - policy: where requests may go.
    ///   - names: who looks names up.
    ///   - time: seconds since 1970, for what receivers say of dates.
    package init(
        _ options: CurlOptions = CurlOptions(), policy: DestinationPolicy, names: any NameResolving = SystemNames(),
        time: @escaping @Sendable () -> Int64
    ) {
        self.options = options
        self.names = names
        self.time = time
        mailbox = CurlMailbox(policy: Self.policy(policy, options))
    }

    /// Has the requests that begin from now on, and connections that are used again, follow another policy.
    package func use(_ policy: DestinationPolicy) { mailbox.use(Self.policy(policy, options)) }

    /// A policy that knows whether there is a proxy.
    private static func policy(_ policy: DestinationPolicy, _ options: CurlOptions) -> DestinationPolicy {
        DestinationPolicy(listed: policy.listed, isThroughProxy: options.proxy != nil)
    }

}

extension CurlTransport: WebhookTransport {
    package func prepare() throws(WebhookTransportError) {
        try state.withLock { state throws(WebhookTransportError) in
            guard case .notYet = state else { return }
            let multi: CurlMulti
            do throws(CurlError) {
                multi = try CurlMulti(mostIdle: options.mostIdle)
            } catch {
                throw WebhookTransportError(description: error.description)
            }
            let (names, time, mailbox) = (names, time, mailbox)
            var options = options
            if !options.authorities.isEmpty { options.authorities += [UInt8(ascii: "\n")] + SystemAuthorities.file }
            do throws(SystemCallError) {
                try LoopThread.start("webhooks") { [options] in
                    CurlThread(options, names: names, time: time, mailbox: mailbox, multi: multi).run()
                }
            } catch {
                throw WebhookTransportError(description: "\(error.call): error \(error.code)")
            }
            mailbox.open(multi)
            state = .running
        }
    }

    package func send(_ request: WebhookRequest) async -> WebhookOutcome {
        do { try prepare() } catch { return .failed(.unavailable) }
        let id = mailbox.number()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.begin(CurlAttempt(id: id, request: request, ending: continuation))
                // A task that was cancelled before has said so of an attempt that nobody knew.
                if Task.isCancelled { mailbox.cancel(id) }
            }
        } onCancel: {
            mailbox.cancel(id)
        }
    }

    package func close() async {
        let wasRunning = state.withLock { state in
            defer { state = .closed }
            if case .notYet = state { return false } else { return true }
        }
        if wasRunning { await mailbox.close() } else { mailbox.closeUnopened() }
    }
}
