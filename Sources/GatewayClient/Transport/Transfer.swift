import CCurl
import Curl

/// One request on its way through libcurl, on the transport's thread alone.
final class Transfer {
    let order: TransferOrder
    private(set) var easy: CurlEasy?

    private let longest: Int
    private var sent = 0
    private var received = 0
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var isTooLong = false
    /// Whether there was a connection, on which it then was said.
    private var hasBegun = false

    init(_ order: TransferOrder, longest: Int) {
        self.order = order
        self.longest = longest
    }

    /// Gets it ready; false where there is no memory.
    ///
    /// The object has to be there until `easy` is gone, which calls it back.
    func open(_ options: ClientOptions) -> Bool {
        guard let easy = CurlEasy() else { return false }
        configure(easy, options)
        self.easy = easy
        return easy.isWhole
    }

    /// Lets go what libcurl has of it, after it was removed.
    func close() { easy = nil }

    /// How it ended.
    func outcome(_ result: CURLcode) -> Result<APIResponse, GatewayError> {
        if isTooLong { return .failure(.answerTooLong) }
        if result != CURLE_OK, !hasBegun, let status = easy?.proxyStatus, status >= 300 {
            return .failure(.unreachable("the proxy refuses a way to it (status \(status))"))
        }
        switch result {
        case CURLE_OK:
            guard head.isWhole else { return .failure(.invalidAnswer(status: 0, "it does not speak HTTP")) }
            return .success(APIResponse(status: head.status, headers: head.fields, body: body))
        case CURLE_COULDNT_RESOLVE_HOST: return .failure(.unreachable("its name is not known"))
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .failure(.unreachable("the proxy can't be used"))
        case CURLE_COULDNT_CONNECT: return .failure(.unreachable("there is no connection"))
        case CURLE_OPERATION_TIMEDOUT:
            return .failure(hasBegun ? .timedOut : .unreachable("there was no connection in time"))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            return .failure(.notTrusted("its certificate is not valid"))
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER:
            return .failure(hasBegun ? .connectionLost : .notTrusted("TLS failed"))
        case CURLE_SSL_CACERT_BADFILE: return .failure(.notTrusted("the file of authorities can't be read"))
        case CURLE_URL_MALFORMAT: return .failure(.invalidRequest("That is no address of a gateway."))
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            return .failure(.invalidAnswer(status: 0, "it does not speak HTTP"))
        default: return .failure(hasBegun ? .connectionLost : .unreachable("there is no connection"))
        }
    }

    // MARK: What libcurl asks

    /// Copies what comes next of the body; how much that was.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let body = order.body else { return 0 }
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
        guard (0...(order.body?.count ?? 0)).contains(offset) else { return false }
        sent = offset
        return true
    }

    /// Takes bytes of the body; whether more are wanted.
    func take(_ bytes: [UInt8]) -> Bool {
        if let receiving = order.receiving, (200..<300).contains(head.status) {
            receiving(bytes)
            return true
        }
        guard count(bytes.count) else { return false }
        body += bytes
        return true
    }

    /// Takes a line of a head; whether more are wanted.
    func headLine(_ line: [UInt8]) -> Bool {
        guard count(line.count) else { return false }
        head.take(line)
        return true
    }

    /// There is a connection, and what comes next is the request.
    func begin() { hasBegun = true }

    private func count(_ bytes: Int) -> Bool {
        received += bytes
        isTooLong = received > longest
        return !isTooLong
    }

    private func configure(_ easy: CurlEasy, _ options: ClientOptions) {
        easy.set(CURLOPT_URL, order.url)
        if let socket = order.socket { easy.set(CURLOPT_UNIX_SOCKET_PATH, socket) }
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_PROTOCOLS, gw_curl_web_protocols)
        // A credential is for the gateway, and not for whom it names.
        easy.set(CURLOPT_FOLLOWLOCATION, 0)
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        easy.set(CURLOPT_USERAGENT, options.userAgent)
        easy.set(CURLOPT_HTTPHEADER, order.fields)
        if let body = order.body {
            easy.set(CURLOPT_POST, 1)
            easy.set(size: CURLOPT_POSTFIELDSIZE_LARGE, body.count)
        } else if order.method == "HEAD" {
            easy.set(CURLOPT_NOBODY, 1)
        } else {
            easy.set(CURLOPT_HTTPGET, 1)
        }
        easy.set(CURLOPT_CUSTOMREQUEST, order.method)
        easy.set(CURLOPT_FRESH_CONNECT, order.isFresh ? 1 : 0)

        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_TIMEOUT_MS, order.milliseconds)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, options.connectTimeout.milliseconds))
        // A poll is silent for as long as it waits, and a machine that is gone says nothing either.
        easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        easy.set(CURLOPT_SSL_VERIFYPEER, 1)
        easy.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let directory = options.systemAuthorities { easy.set(CURLOPT_CAPATH, directory) }
        easy.trust(options.authorities)
        switch options.proxy {
        // An empty text is no proxy, whatever the environment says.
        case .direct: easy.set(CURLOPT_PROXY, "")
        // Which libcurl reads where nobody sets one.
        case .environment: break
        case .address(let address):
            easy.set(CURLOPT_PROXY, address)
            easy.set(CURLOPT_NOPROXY, "")
        }
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        unsafe easy.set(callbacks)
    }
}

extension Duration {
    /// Whole milliseconds, as many as a C `int` has at most.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(min(seconds, 2_000_000) * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}
