import ByteText
import CCurl

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
        guard let handle = unsafe gw_curl_easy_init() else { return .failure(.unavailable("no memory")) }
        defer { unsafe gw_curl_easy_cleanup(handle) }
        var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []
        defer { unsafe lists.forEach { unsafe gw_curl_list_free($0) } }
        unsafe configure(handle, url, authorities)
        var list: UnsafeMutablePointer<curl_slist>?
        // No `Expect`: some servers don't know it.
        for field in request.fields.map({ "\($0.name): \($0.value)" }) + ["expect:"] {
            // Copies the text, and gives the list's beginning, or nothing and leaves the list as it was.
            guard let longer = unsafe gw_curl_list_append(list, field) else { break }
            unsafe list = longer
        }
        if let list = unsafe list {
            unsafe lists.append(list)
            _ = unsafe gw_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
        }
        // It is called back until `perform` returns, and lives at least as long.
        var callbacks = unsafe gw_curl_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(), read: nil, seek: nil, write: bodyCame, header: headCame,
            open_socket: nil, prerequisite: nil)
        _ = unsafe gw_curl_set_callbacks(handle, &callbacks)
        let result = unsafe gw_curl_easy_perform(handle)
        guard var answer, answer.status >= 200 else {
            return .failure(failure(result, verification: unsafe gw_curl_verify_result(handle)))
        }
        answer.seconds = seconds
        answer.isCut = result != CURLE_OK && !isEnough
        // The text is the library's, and is read before the handle is used again.
        if let text = unsafe gw_curl_certificate(handle, "Expire date") {
            answer.certificateEnd = WallTime.seconds(ofCertificate: unsafe String(cString: text))
        }
        return .success(answer)
    }

    private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    private func configure(_ handle: UnsafeMutableRawPointer, _ url: String, _ authorities: String?) {
        func set(_ option: CURLoption, _ value: Int) { _ = unsafe gw_curl_set_number(handle, option, value) }
        func set(_ option: CURLoption, _ value: String) { _ = unsafe gw_curl_set_text(handle, option, value) }
        set(CURLOPT_URL, url)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_PROTOCOLS, gw_curl_web_protocols)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_USERAGENT, "msnp-gateway doctor")
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        // An empty text is no proxy, whatever the environment says: it is the way from here that is looked at.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TIMEOUT_MS, request.patience * 1_000)
        set(CURLOPT_CONNECTTIMEOUT_MS, min(request.patience, 10) * 1_000)
        set(CURLOPT_SSL_VERIFYPEER, request.isVerified ? 1 : 0)
        set(CURLOPT_SSL_VERIFYHOST, request.isVerified ? 2 : 0)
        set(CURLOPT_CERTINFO, 1)
        if let authorities { set(CURLOPT_CAINFO, authorities) }
        if let body = request.body {
            _ = unsafe gw_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, Int64(body.count))
            // Copied, as many bytes as were named before.
            set(CURLOPT_COPYPOSTFIELDS, String(decoding: body, as: UTF8.self))
        }
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
        set(CURLOPT_CUSTOMREQUEST, request.method)
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
