package import GatewayClient

/// The words of `api [METHOD] PATH [k=v] [k:=json]`, as a request.
package enum APIWords {
    private static let methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

    /// The request; throws `CommandFailure` for words that make none.
    ///
    /// A path with a slash at its beginning is the gateway's, another the session's. Without a method it is a `GET`, or with
    /// members a `POST`. Members are the body's, or with `GET`, `HEAD` and `DELETE` the query's.
    ///
    /// - Parameter session: its ID.
    package static func request(_ words: [String], session: String) throws(CommandFailure) -> APIRequest {
        var words = words[...]
        var method: String?
        if let first = words.first, methods.contains(first) { method = words.popFirst() }
        guard let path = words.popFirst(), !path.isEmpty else { throw .usage("Say the path: msnp-gateway api PATH.") }
        var members: [String: JSONValue] = [:]
        var query: [(name: String, value: String)] = []
        for word in words {
            let (name, value, text) = try member(word)
            guard members.updateValue(value, forKey: name) == nil else {
                throw .usage("\(TerminalText.line(name)) is there twice.")
            }
            query.append((name, text))
        }
        let own = "/v1/sessions/\(APIRequest.segment(session))"
        let target = path.hasPrefix("/") ? path : "\(own)/\(path)"
        var request = APIRequest(method ?? (members.isEmpty ? "GET" : "POST"), target)
        if ["GET", "HEAD", "DELETE", "OPTIONS"].contains(request.method) {
            request.query = query
        } else if !members.isEmpty {
            request.body = JSONValue.object(members).bytes
        }
        let last = target.prefix { $0 != "?" }.split(separator: "/").last
        request.isEndless = request.method == "GET" && (last == "stream" || last == "trace")
        // Whatever a call may wait for.
        request.wait = .seconds(50)
        return request
    }

    private static func member(_ word: String) throws(CommandFailure) -> (name: String, value: JSONValue, text: String)
    {
        guard let sign = word.firstIndex(of: "=") else {
            throw .usage("Say members as NAME=TEXT or NAME:=JSON, and not \(TerminalText.line(word)).")
        }
        let text = String(word[word.index(after: sign)...])
        let name = word[..<sign]
        guard name.hasSuffix(":") else {
            guard !name.isEmpty else { throw .usage("A member has a name before its =.") }
            return (String(name), .string(text), text)
        }
        guard name.count > 1 else { throw .usage("A member has a name before its :=.") }
        do throws(GatewayError) {
            return (String(name.dropLast()), try JSONValue(parsing: Array(text.utf8)), text)
        } catch {
            throw .usage("What is behind := in \(TerminalText.line(word)) is no JSON.")
        }
    }
}
