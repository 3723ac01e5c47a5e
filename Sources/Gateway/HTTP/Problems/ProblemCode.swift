/// The stable codes of the API's problem documents (RFC 9457).
///
/// A caller decides by the code; the texts may change.
enum ProblemCode: String, CaseIterable, Sendable {
    case invalidRequest = "invalid-request"
    case invalidCursor = "invalid-cursor"
    case unknownBackend = "unknown-backend"
    case unauthorized
    case signInRefused = "sign-in-refused"
    case signInClosed = "sign-in-closed"
    case crossOrigin = "cross-origin"
    case notFound = "not-found"
    case contactNotFound = "contact-not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case sessionEnded = "session-ended"
    case contactOffline = "contact-offline"
    case appearingOffline = "appearing-offline"
    case displayNameLocked = "display-name-locked"
    case displayNameRefused = "display-name-refused"
    case listFull = "list-full"
    case serviceUnavailable = "service-unavailable"
    case serviceUnavailableInDialect = "service-unavailable-in-dialect"
    case loginHostNotAllowed = "login-host-not-allowed"
    case idempotencyInProgress = "idempotency-in-progress"
    case outcomeUnknown = "outcome-unknown"
    case secretNotKept = "secret-not-kept"
    case cursorExpired = "cursor-expired"
    case preconditionFailed = "precondition-failed"
    case bodyTooLarge = "body-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case misdirectedHost = "misdirected-host"
    case idempotencyMismatch = "idempotency-mismatch"
    case rateLimited = "rate-limited"
    case webhooksUnavailable = "webhooks-unavailable"
    case notSupportedByBackend = "not-supported-by-backend"
    case backendUnreachable = "backend-unreachable"
    case backendError = "backend-error"
    case backendProtocolError = "backend-protocol-error"
    case messageNotDelivered = "message-not-delivered"
    case backendBusy = "backend-busy"
    case reconnecting
    case gatewayFull = "gateway-full"
    case shuttingDown = "shutting-down"
    case stateUnavailable = "state-unavailable"
    case backendTimeout = "backend-timeout"
    /// A defect of the gateway: logged under the request's ID, and empty of details.
    case internalError = "internal-error"

    /// The HTTP status that goes with it (RFC 9110, 15).
    var status: Int {
        switch self {
        case .invalidRequest, .invalidCursor, .unknownBackend: 400
        case .unauthorized: 401
        case .signInRefused, .signInClosed, .crossOrigin: 403
        case .notFound, .contactNotFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .sessionEnded, .displayNameLocked, .displayNameRefused, .listFull, .serviceUnavailable,
            .serviceUnavailableInDialect, .loginHostNotAllowed, .contactOffline, .appearingOffline,
            .idempotencyInProgress, .outcomeUnknown, .secretNotKept:
            409
        case .cursorExpired: 410
        case .preconditionFailed: 412
        case .bodyTooLarge: 413
        case .unsupportedMediaType: 415
        case .misdirectedHost: 421
        case .idempotencyMismatch: 422
        case .rateLimited: 429
        case .internalError: 500
        case .notSupportedByBackend, .webhooksUnavailable: 501
        case .backendUnreachable, .backendError, .backendProtocolError, .messageNotDelivered: 502
        case .backendBusy, .reconnecting, .gatewayFull, .shuttingDown, .stateUnavailable: 503
        case .backendTimeout: 504
        }
    }

    /// What it is, in a few words that are the same each time.
    var title: String {
        switch self {
        case .invalidRequest: "The request is not valid"
        case .invalidCursor: "The cursor is not valid"
        case .unknownBackend: "There is no backend of that name"
        case .unauthorized: "Credentials are missing or not known"
        case .signInRefused: "The server refused the sign-in"
        case .signInClosed: "Signing in is not open to this caller"
        case .crossOrigin: "Requests from that origin are not allowed"
        case .notFound: "There is nothing here"
        case .contactNotFound: "There is no such contact"
        case .methodNotAllowed: "The method is not allowed here"
        case .notAcceptable: "No form of the answer is acceptable"
        case .sessionEnded: "The session has ended"
        case .contactOffline: "The contact can't be reached"
        case .appearingOffline: "The session appears offline"
        case .displayNameLocked: "The display name is locked"
        case .displayNameRefused: "The server refused the display name"
        case .listFull: "The list is full"
        case .serviceUnavailable: "The service is not available"
        case .serviceUnavailableInDialect: "The service is newer than the session's dialect"
        case .loginHostNotAllowed: "The login host is not allowed"
        case .idempotencyInProgress: "The first request with this key is not finished"
        case .outcomeUnknown: "Nobody knows whether it was done"
        case .secretNotKept: "The webhook has no secret"
        case .cursorExpired: "Events after the cursor are no longer kept"
        case .preconditionFailed: "The resource is not in the state that the request names"
        case .bodyTooLarge: "The request's body is too large"
        case .unsupportedMediaType: "The request's media type is not supported"
        case .misdirectedHost: "The request names another host"
        case .idempotencyMismatch: "The key was used for another request"
        case .rateLimited: "Too many requests"
        case .internalError: "Something went wrong in the gateway"
        case .webhooksUnavailable: "The gateway can't send webhooks"
        case .notSupportedByBackend: "The backend does not support this"
        case .backendUnreachable: "The backend can't be reached"
        case .backendError: "The backend answered with an error"
        case .backendProtocolError: "The backend does not speak the protocol"
        case .messageNotDelivered: "The message was not delivered"
        case .backendBusy: "The backend is busy"
        case .reconnecting: "The session is reconnecting"
        case .gatewayFull: "The gateway is full"
        case .shuttingDown: "The gateway is shutting down"
        case .stateUnavailable: "The gateway can't write down what happens"
        case .backendTimeout: "The backend did not answer in time"
        }
    }

    /// What a caller can do about it, for the page that `type` points to.
    var advice: String {
        switch self {
        case .invalidRequest: "Correct the request; `errors` says which members, if the body was at fault."
        case .invalidCursor: "Use a cursor as this session's events and polls gave it, or `oldest` or `now`."
        case .unknownBackend: "Choose one of the backends that `GET /v1` lists, or leave the member out."
        case .unauthorized: "Send `Authorization: Bearer` with the session's token, or with the API key that opened it."
        case .signInRefused:
            "`msnp.code` says why. Don't repeat it unchanged: for 911 ask for the password, for 923 and 924 the person has to act first."
        case .signInClosed:
            "Send an API key, which the operator makes with `msnp-gateway keys add`; or have the operator open the sign-in."
        case .crossOrigin: "Call from the gateway's own pages, or have the operator list the origin."
        case .notFound: "Check the path. Sessions that aren't yours look the same as sessions that don't exist."
        case .contactNotFound: "Check the account's spelling; `GET …/contacts` lists those there are."
        case .methodNotAllowed: "`Allow` lists the methods that are."
        case .notAcceptable: "Leave out `Accept`, or allow the media type that the documentation names."
        case .sessionEnded: "Sign in again, unless `reason` speaks against it."
        case .contactOffline: "Wait for `presence.changed` to say that they are there, then try again."
        case .appearingOffline: "Set another status with `PUT …/presence` first; nobody can talk while hidden."
        case .displayNameLocked: "The account's address has to be verified first; until then the server sets the name."
        case .displayNameRefused: "Choose another name."
        case .listFull: "Remove somebody from the list first; the server keeps no more people on it."
        case .serviceUnavailable:
            "The server gave no usable address for the service, or the contact takes no pages; trying again changes nothing."
        case .serviceUnavailableInDialect:
            "`GET …/services` lists the services of the session's dialect, `protocol`; phone numbers, pages and texts of invitations came with MSNP5."
        case .loginHostNotAllowed:
            "The form holds a value made from the password; the operator has to list the host for the backend, and it has to be https."
        case .idempotencyInProgress:
            "Ask again after `Retry-After` with the same key: the answer will be the first one's."
        case .outcomeUnknown:
            "The connection was lost before the server answered. Ask the person, or do it again if twice is better than not at all: with a new `Idempotency-Key`."
        case .secretNotKept:
            "Rotate the secret (`POST /v1/webhooks/{id}/secret`): the webhook goes on from where it was. An operator who gives the gateway a state key has secrets kept."
        case .cursorExpired:
            "Read the state anew, then go on from its cursor; `missed` says how many events are gone, `oldest` where the ones still kept begin."
        case .preconditionFailed: "Read the resource anew and decide again with its new `ETag`."
        case .bodyTooLarge: "Send less."
        case .unsupportedMediaType: "Send `application/json`, and as it is: without `Content-Encoding`."
        case .misdirectedHost: "Call the gateway by its address, by `localhost`, or by a name that the operator listed."
        case .idempotencyMismatch:
            "Take a new `Idempotency-Key` for each new request; repeat a request with the same body."
        case .rateLimited: "Wait as long as `Retry-After` says."
        case .internalError: "Report it with its `requestId`."
        case .webhooksUnavailable:
            "Poll or stream instead; the operator sees in the log what is missing on the machine (libcurl, most likely)."
        case .notSupportedByBackend:
            "Do without: the operator has listed the command, or the server has closed two connections on it within a day, which is held against it for a day; `heldAgainst` of `GET /v1` shows an admin's key which."
        case .backendUnreachable: "Try again later; the backend's address may be wrong or the backend down."
        case .backendError: "`msnp` has the server's error; `GET /v1/errors/{code}` explains it."
        case .backendProtocolError:
            "The server at that address is no MSN server, or one that has no dialect in common with the gateway; or it answered a command with what makes no sense, and `detail` has the line. The session, if there was one, is as it was."
        case .messageNotDelivered:
            "`reason` says why, and `msnp` has the server's error where there was one. Nobody got the message whole; sending it again may help."
        case .backendBusy: "Try again after `Retry-After`."
        case .reconnecting: "Wait for `session.state` to say `online`, or try again after `Retry-After`."
        case .gatewayFull: "Try again later, or have the operator raise the limit."
        case .shuttingDown: "Connect again; another process may answer."
        case .stateUnavailable:
            "Try again after `Retry-After`: nothing was done. The operator sees in `/readyz` and the log what is wrong with the disk; events can be read meanwhile."
        case .backendTimeout: "The session, if there was one, is as it was. Try again."
        }
    }
}
