import ByteText
import HTTPFront

/// One method of one route: who may call it, what it takes, what it gives.
///
/// There is one object for each, which all calls share.
final class Endpoint: Sendable {
    enum Access: Sendable {
        /// Anybody.
        case everyone
        /// Anybody; a key with the scope `admin` is told more.
        case everyoneAndAdmin
        /// Whoever may sign in.
        case signIn
        /// A key with the scope `admin`, or whoever sits at the machine of a gateway that is there for nobody else.
        case `operator`
        /// Any credentials.
        case caller
        /// An API key.
        case key
        /// The credentials of the session that the path names: its token, or the key that opened it.
        case session
        /// The same, or a key with the scope `admin`.
        case sessionOrAdmin
    }

    enum Body: Sendable {
        case none
        case json
        /// JSON or a merge patch (RFC 7396).
        case patch

        /// The media types taken.
        var mediaTypes: [String] {
            switch self {
            case .none: []
            case .json: ["application/json"]
            case .patch: ["application/json", "application/merge-patch+json"]
            }
        }
    }

    /// What its answer tells, which is written before anybody hears of it.
    enum Telling: Sendable {
        /// Whatever was done.
        case change
        /// What is known of the sessions that it shows, as far as events of these types tell of it.
        case facts(EventType.Set)
        /// What else is kept of a caller, as long as that says that some of it is not written.
        case kept(isUnwritten: @Sendable (Caller) -> Bool)
        /// Nothing that was not written before.
        case nothing
    }

    /// Whose limits are told: no more of a caller than they need, as it is kept for each request that has some.
    struct Limited: Sendable {
        /// Where the call is about one.
        let session: Session?
        let owner: Owner
    }

    let access: Access
    let body: Body
    /// Bytes of a body, where one is taken.
    let bodyLimit: Int
    /// Media types, the preferred one first; none where no answer has a body.
    let produces: [String]
    /// The query parameters that it knows.
    let query: [ByteText]
    /// Whether `Prefer: wait` means something here.
    let honoursWait: Bool
    /// Whether a request that comes again with the same `Idempotency-Key` gets the same answer, and is not done again.
    let honoursIdempotencyKey: Bool
    /// Whether it asks a server something, tells it to do something or changes what is kept, whatever its method: nothing of
    /// that is begun while what comes of it can't be written.
    let asksServer: Bool
    let telling: Telling
    /// The limit that its answers tell of; nil where there is none.
    let limit: (@Sendable (Limited) -> ServiceLimit?)?
    /// Does it; throws `Problem`.
    let run: @Sendable (Call) throws(Problem) -> Answer

    init(
        access: Access = .session, body: Body = .none, bodyLimit: Int = GatewayLimits.editBody,
        produces: [String] = ["application/json"], query: Set<ByteText> = [], honoursWait: Bool = false,
        honoursIdempotencyKey: Bool = false, asksServer: Bool = false, telling: Telling? = nil,
        limit: (@Sendable (Limited) -> ServiceLimit?)? = nil,
        run: @escaping @Sendable (Call) throws(Problem) -> Answer
    ) {
        self.access = access
        self.body = body
        self.bodyLimit = min(bodyLimit, GatewayLimits.body)
        self.produces = produces
        precondition(query.count <= QueryParameters.most, "an endpoint has a handful of parameters")
        self.query = query.sorted()
        self.honoursWait = honoursWait
        self.honoursIdempotencyKey = honoursIdempotencyKey
        self.asksServer = asksServer
        // Whoever names nothing shows anything.
        self.telling = telling ?? (asksServer ? .change : .facts(.everything))
        self.limit = limit
        self.run = run
    }
}
