import ByteText
import HTTPFront

/// What follows from a request's head without its query, as long as the rules stay the same.
///
/// Whoever polls or reads sends the same head again and again; its connection keeps this with it (`HeadMemo`), so that it is
/// taken apart once: that took half of the time that a read spent here. Of credentials there is their digest alone. Nothing
/// here says that the caller may do something: whether a token or a key still counts is asked anew each time.
final class KnownRequest: Sendable {
    /// Under which it was worked out: those under which its `Host` is permitted.
    let rules: AccessRules
    let route: Route
    /// Who counts the answers.
    let meter: RouteMeter
    let parameters: PathParameters
    let endpoint: Endpoint
    let isHead: Bool
    /// Whether it changes nothing.
    let isSafe: Bool
    /// What it shows; nil also where the endpoint asks for none.
    let credential: Credential?
    /// The session that the path names; nil where it can't be one.
    let sessionID: Substring?
    /// What was agreed on: empty where the endpoint's answers have no body, nil where the caller wants none of what there is.
    let mediaType: String?
    let preferences: Preferences
    /// What the caller names the request, where that is fit for it.
    let requestID: String?
    /// Whether it asks for what it does not know yet.
    let hasTags: Bool
    /// The field that is a list and too long, if there is one.
    let tooLong: String?

    init(
        _ head: RequestHead, _ rules: AccessRules, _ route: Route, _ meter: RouteMeter, _ parameters: PathParameters,
        _ endpoint: Endpoint
    ) {
        self.rules = rules
        self.route = route
        self.meter = meter
        self.parameters = parameters
        self.endpoint = endpoint
        isHead = head.isMethod("HEAD")
        isSafe = head.isSafe
        if case .everyone = endpoint.access { credential = nil } else { credential = Credential(in: head) }
        sessionID = parameters["sid"].flatMap { Session.isID($0) ? $0 : nil }
        let best = Accept.best(of: endpoint.produces, for: ListField.value(of: "Accept", in: head))
        mediaType = best ?? (endpoint.produces.isEmpty ? "" : nil)
        preferences = Preferences(head)
        requestID = RequestID.sent(in: head)
        hasTags = head.headers.contains("If-None-Match")
        tooLong = ListField.tooLong(in: head)
    }
}
