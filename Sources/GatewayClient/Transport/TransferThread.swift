import CCurl
import Curl

/// All requests of a transport, on its thread.
final class TransferThread {
    /// Milliseconds that are waited for something to do: nothing happens by itself, but libcurl's own time-outs, which it knows.
    private static let idle: Int32 = 3_600_000

    private let options: ClientOptions
    private let mailbox: TransferMailbox
    /// By the key of their handles.
    private var running: [UInt: Transfer] = [:]
    /// The keys by the numbers of their orders.
    private var keys: [UInt64: UInt] = [:]

    init(_ options: ClientOptions, _ mailbox: TransferMailbox) {
        self.options = options
        self.mailbox = mailbox
    }

    /// Returns when it was told to close; whoever still waits then is told.
    func run() {
        while true {
            for word in mailbox.take() {
                switch word {
                case .begin(let order): begin(order)
                case .cancel(let id): if let key = keys[id] { end(key, .failure(.cancelled)) }
                case .close:
                    for key in Array(running.keys) { end(key, .failure(.cancelled)) }
                    return
                }
            }
            mailbox.multi.perform()
            while let (key, result) = mailbox.multi.finished() {
                guard let outcome = running[key]?.outcome(result) else { continue }
                end(key, outcome)
            }
            mailbox.multi.wait(milliseconds: Self.idle)
        }
    }

    private func begin(_ order: TransferOrder) {
        let transfer = Transfer(order, longest: options.longestAnswer)
        guard transfer.open(options), let easy = transfer.easy, mailbox.multi.add(easy) else {
            transfer.close()
            order.ending.resume(returning: .failure(.unavailable("it refuses the request")))
            return
        }
        running[easy.key] = transfer
        keys[order.id] = easy.key
    }

    private func end(_ key: UInt, _ outcome: Result<APIResponse, GatewayError>) {
        guard let transfer = running.removeValue(forKey: key) else { return }
        keys[transfer.order.id] = nil
        if let easy = transfer.easy { mailbox.multi.remove(easy) }
        transfer.close()
        transfer.order.ending.resume(returning: outcome)
    }
}
