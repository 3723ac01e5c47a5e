import ByteText
import CCurl
import Curl

/// One request on its way through libcurl, on a thread of its own.
final class CurlExchange {
    /// Bytes of a body that are kept: more than any answer that is read has.
    private static let longestBody = 1 << 20
    /// Fields of a head, and bytes of each, that are kept.
    private static let mostFields = 100
    private static let longestField = 4096

    private let request: HTTPRequest
    private let start = ContinuousClock.now
    private var answer: HTTPAnswer?
    /// What is told of a body whose first bytes are enough.
    private var isEnough = false

    init(_ request: HTTPRequest) { self.request = request }

    func run(_ url: String, _ authorities: String?) -> Result<HTTPAnswer, HTTPFailure> {
        guard let easy = CurlEasy() else { return .failure(.unavailable("no memory")) }
        configure(easy, url, authorities)
        // No `Expect`: some servers don't know it.
        easy.set(CURLOPT_HTTPHEADER, request.fields.map { "\($0.name): \($0.value)" } + ["expect:"])
        // It is called back until `perform` returns, and lives at least as long.
        unsafe easy.set(
            gw_curl_callbacks(
                context: Unmanaged.passUnretained(self).toOpaque(), read: nil, seek: nil, write: bodyCame,
                header: headCame, open_socket: nil, prerequisite: nil))
        let result = easy.perform()
        guard var answer, answer.status >= 200 else {
            return .failure(failure(result, verification: easy.verification))
        }
        answer.seconds = seconds
        answer.isCut = result != CURLE_OK && !isEnough
        answer.certificateEnd = easy.certificate("Expire date").flatMap(WallTime.seconds(ofCertificate:))
        return .success(answer)
    }

    private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    private func configure(_ easy: CurlEasy, _ url: String, _ authorities: String?) {
        easy.set(CURLOPT_URL, url)
        easy.set(CURLOPT_PATH_AS_IS, 1)
        easy.set(CURLOPT_PROTOCOLS, gw_curl_web_protocols)
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        easy.set(CURLOPT_USERAGENT, "msnp-gateway doctor")
        easy.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        // An empty text is no proxy, whatever the environment says: it is the way from here that is looked at.
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_TIMEOUT_MS, request.patience * 1_000)
        easy.set(CURLOPT_CONNECTTIMEOUT_MS, min(request.patience, 10) * 1_000)
        easy.set(CURLOPT_SSL_VERIFYPEER, request.isVerified ? 1 : 0)
        easy.set(CURLOPT_SSL_VERIFYHOST, request.isVerified ? 2 : 0)
        easy.set(CURLOPT_CERTINFO, 1)
        easy.trust(authorities)
        if let body = request.body {
            easy.set(size: CURLOPT_POSTFIELDSIZE_LARGE, body.count)
            // Copied, as many bytes as were named before.
            easy.set(CURLOPT_COPYPOSTFIELDS, String(decoding: body, as: UTF8.self))
        }
        if request.method == "HEAD" { easy.set(CURLOPT_NOBODY, 1) }
        easy.set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func failure(_ result: CURLcode, verification: Int) -> HTTPFailure {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: .unresolved
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_OPERATION_TIMEDOUT: .timedOut(seconds: seconds)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: .certificate(Self.fault(verification))
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER: .tls
        case CURLE_SSL_CACERT_BADFILE: .unavailable("the file of certificates can't be read")
        default: .closed(seconds: seconds)
        }
    }

    /// By OpenSSL's numbers (x509_vfy.h); a name that differs is curl's own finding, and has none.
    private static func fault(_ verification: Int) -> CertificateFault {
        switch verification {
        case 10: .expired
        case 9: .notYetValid
        case 0, 62, 64: .otherName
        default: .untrusted
        }
    }

    // MARK: What libcurl says

    fileprivate func takeHead(_ line: String) {
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ")
            answer = HTTPAnswer(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
            answer?.headAfter = seconds
            answer?.time = WallTime.now
            return
        }
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), (answer?.fields.count ?? 0) < Self.mostFields
        else {
            return
        }
        let value = line[line.utf8.index(after: colon)...].utf8.prefix(Self.longestField)
        answer?.fields.append(HTTPField(ASCII.lowercased(line[..<colon]), Self.trimmed(value)))
    }

    /// Without the white space around it, the line's end for one.
    private static func trimmed(_ value: Substring.UTF8View) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        return String(decoding: value.drop(while: isSpace).reversed().drop(while: isSpace).reversed(), as: UTF8.self)
    }

    /// Whether more is wanted.
    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let count = answer?.body.count, count + bytes.count <= Self.longestBody else { return false }
        unsafe answer?.body.append(contentsOf: bytes)
        isEnough = unsafe request.endsWithFirstPiece && !bytes.isEmpty
        return !isEnough
    }

    /// Who is meant by the context of a call.
    fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> CurlExchange? {
        // `run` keeps it until the handle is gone.
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    }
}

private let bodyCame: curl_write_callback = { bytes, size, count, context in
    // So many bytes there are; any other number ends the transfer.
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe CurlExchange.of(context)?.takeBody(piece) == true ? size * count : 0
}

private let headCame: curl_write_callback = { bytes, size, count, context in
    // So many bytes there are.
    let line = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
    unsafe CurlExchange.of(context)?.takeHead(line)
    return size * count
}
