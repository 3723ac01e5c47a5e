import CCurl
import Curl
import Loops

/// One attempt on its way through libcurl, on the transport's thread alone.
final class CurlTransfer {
    /// Addresses of one name that are tried: the time would be over first.
    private static let mostAddresses = 8

    let attempt: CurlAttempt
    let policy: DestinationPolicy
    /// Nanoseconds of `MonotonicTime` at which it is over.
    let deadline: Int64
    /// What libcurl has of it; nil while its name is looked up.
    private(set) var easy: CurlEasy?
    /// Whether connections that are kept are passed over.
    private(set) var isFresh = false

    /// Where it may connect to, in network order; nil where a proxy does that.
    private var pinned: [[UInt8]]?
    private var sent = 0
    private let longestAnswer: Int
    private var received = 0
    private var head = AnswerHead()
    private var isRefused = false
    /// Whether there was a connection, through the proxy's tunnel where it has one, on which the request could go.
    private var mayHaveSpoken = false
    /// Whether a kept connection led to an address that the name does not have any more.
    private(set) var isStale = false

    init(_ attempt: CurlAttempt, policy: DestinationPolicy, deadline: Int64, longestAnswer: Int) {
        self.attempt = attempt
        self.policy = policy
        self.deadline = deadline
        self.longestAnswer = longestAnswer
    }

    var url: WebhookURL { attempt.request.url }
    /// Of its host, where that is a name.
    var lookUp: KnownNames.LookUp { KnownNames.LookUp(host: url.host, key: attempt.request.key) }

    /// Gets it ready for addresses that were checked, nil for the proxy's; false where there is no memory.
    ///
    /// The object has to be there until `easy` is gone, which calls it back.
    func open(_ addresses: [[UInt8]]?, _ options: CurlOptions, at now: Int64) -> Bool {
        pinned = addresses.map { Array($0.prefix(Self.mostAddresses)) }
        (sent, received, head, isStale, mayHaveSpoken) = (0, 0, AnswerHead(), false, false)
        guard let easy = CurlEasy() else { return false }
        configure(easy, options, milliseconds: max(1, (deadline - now) / 1_000_000))
        self.easy = easy
        return easy.isWhole
    }

    /// Lets go what libcurl has of it, after it was removed.
    func close() { easy = nil }

    /// Has it begin anew, on a connection of its own.
    func reopen(_ options: CurlOptions, at now: Int64) -> Bool {
        isFresh = true
        close()
        return open(pinned, options, at: now)
    }

    /// How it ended.
    ///
    /// - Parameter seconds: what time it is, in seconds since 1970.
    func outcome(_ result: CURLcode, at seconds: Int64) -> WebhookOutcome {
        if isRefused { return .failed(.addressRefused) }
        if let failure = proxyFailure { return failure }
        // The status is the receiver's word. What follows it is dropped in any case, so that it needs no end.
        if head.isWhole {
            return .answered(status: head.status, retryAfter: RetryAfter.wait(head.wish, at: seconds))
        }
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: return .failed(.nameNotFound)
        case CURLE_COULDNT_CONNECT: return .failed(.unreachable)
        case CURLE_OPERATION_TIMEDOUT: return .failed(.timedOut)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: return .failed(.certificateRefused)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER: return .failed(.tlsFailed)
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .failed(.proxyFailed)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
            return .failed(.connectionLost)
        case CURLE_OK, CURLE_WRITE_ERROR, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY,
            CURLE_BAD_CONTENT_ENCODING:
            return .failed(.badAnswer)
        default: return .failed(.unavailable)
        }
    }

    /// What the proxy has not done; nil without one, or where it has done its part.
    private var proxyFailure: WebhookOutcome? {
        guard pinned == nil, let easy else { return nil }
        // Only a proxy asks who its client is (RFC 9110, 15.5.8), and where there is no tunnel its answers look like the receiver's.
        let status = easy.proxyStatus != 0 ? easy.proxyStatus : head.status == 407 ? 407 : 0
        if status != 0, !(200...299).contains(status) { return .refusedByProxy(status: status) }
        // Nothing was said to the receiver, nor has it said anything: all connections are the proxy's until there is a tunnel.
        return status == 0 && !mayHaveSpoken ? .failed(.proxyFailed) : nil
    }

    // MARK: What libcurl asks

    /// Copies what comes next of the body; how much that was.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let body = attempt.request.body
        let count = min(buffer.count, body.count - sent)
        // Both have so much.
        unsafe body.withUnsafeBytes { body in
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[sent..<sent + count]))
        }
        sent += count
        return count
    }

    /// The body is sent again, from there: a kept connection was gone before it was used.
    func seek(to offset: Int) -> Bool {
        guard (0...attempt.request.body.count).contains(offset) else { return false }
        sent = offset
        return true
    }

    /// Counts bytes of the answer; whether more are wanted.
    func count(_ bytes: Int) -> Bool {
        received += bytes
        return received <= longestAnswer
    }

    /// Takes a line of a head; whether more are wanted.
    func headLine(_ line: [UInt8]) -> Bool {
        guard count(line.count) else { return false }
        head.take(line)
        return true
    }

    /// Whether it may connect to the address, which the library names right before it does.
    func mayConnect(to address: [UInt8]) -> Bool {
        guard let pinned else { return true }
        guard pinned.contains(address), policy.refusal(of: address, for: url) == nil else {
            isRefused = true
            return false
        }
        return true
    }

    /// Whether it may be said on a connection, new or kept, to an address.
    func maySpeak(to address: [UInt8]?) -> Bool {
        mayHaveSpoken = true
        guard let pinned else { return true }
        guard let address, policy.refusal(of: address, for: url) == nil else {
            isRefused = true
            return false
        }
        isStale = !pinned.contains(address)
        return !isStale
    }

    private func configure(_ easy: CurlEasy, _ options: CurlOptions, milliseconds: Int64) {
        let request = attempt.request
        easy.set(CURLOPT_URL, url.text)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_PROTOCOLS, gw_curl_web_protocols)
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        easy.set(CURLOPT_USERAGENT, options.userAgent)
        // No `Expect`: receivers that don't know it cost a second.
        easy.set(CURLOPT_HTTPHEADER, request.fields + ["expect:"])
        easy.set(CURLOPT_POST, 1)
        easy.set(size: CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
        easy.set(CURLOPT_UPLOAD_BUFFERSIZE, 16 * 1024)
        easy.set(CURLOPT_BUFFERSIZE, 16 * 1024)

        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_TIMEOUT_MS, Int(milliseconds))
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, Int(milliseconds))
        // A kept connection is used for ten minutes at most, so that a name that moves is followed.
        easy.set(CURLOPT_MAXLIFETIME_CONN, 600)
        easy.set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)

        easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let directory = options.systemAuthorities { easy.set(CURLOPT_CAPATH, directory) }
        if !options.authorities.isEmpty {
            easy.set(bytes: CURLOPT_CAINFO_BLOB, options.authorities)
            // Who trusts them behind a proxy may have it speak TLS by the same.
            if options.proxy?.hasPrefix("https:") == true {
                easy.set(bytes: CURLOPT_PROXY_CAINFO_BLOB, options.authorities)
            }
        }

        // An empty text is no proxy, whatever the environment says.
        easy.set(CURLOPT_PROXY, options.proxy ?? "")
        easy.set(CURLOPT_NOPROXY, "")
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let pinned, url.address == nil {
            let addresses = pinned.compactMap { TCPEndpoint(address: $0, port: 0) }.map {
                $0.address.count == 16 ? "[\($0.literal)]" : $0.literal
            }
            // With a plus sign they are forgotten after a minute, and not kept for every name that ever was.
            easy.set(CURLOPT_RESOLVE, ["+\(url.host):\(url.port):\(addresses.joined(separator: ","))"])
        }
        unsafe easy.set(callbacks)
    }
}
