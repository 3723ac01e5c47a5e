import ByteText

/// The requests of a connection and their answers, one after the other, each from the request line to the last byte sent: what
/// has happened, and what to do next.
///
/// One object for each connection, as requests on it resemble each other: what the last head and the next have in common is
/// shared. Confined to its loop's thread. The library's calls come in as methods and go out as actions, so that nothing here
/// knows of the library.
final class Exchange {
    /// What the access handler has to do.
    enum Action {
        /// Let the library go on reading.
        case proceed
        case queue(Response)
        case park(ParkedRequest)
        case stream(Streaming)
        /// Drop the connection without a word.
        case close
    }

    enum Stage {
        case named
        case headed
        case reading(RequestBody)
        case waiting
        case answerable(Response)
        case abandoned
        case answered
    }

    /// Bytes of path, query and fields of a head that is kept for the next one.
    ///
    /// A connection that is idle keeps them; the head of a browser has some 700.
    static let mostKept = 1536

    /// Nil when the target could not be read.
    private(set) var target: RequestTarget?
    var stage = Stage.answered
    /// Nil until it is there.
    private(set) var head: RequestHead?
    /// The last head, which this one may turn out to be but for its query; nil where it can't.
    private(set) var like: RequestHead?
    /// The body of the answer, for as long as the library sends it.
    var body: [UInt8] = []
    /// Whether the answer is sent while bytes of the request may be under way, so that the connection has to linger.
    private(set) var lingers = false
    /// Whether its loop counts it among its active ones.
    var isCounted = false
    /// Whether the connection closes after the answer.
    private(set) var isLast = false

    /// Whether the method is HEAD, whose answer has no body.
    private(set) var isHead = false
    /// Where the target lies in the library's buffer, for `HeadLayout`: an address that nobody reads from.
    private(set) var targetPlace: Range<UInt> = 0..<0

    /// The head of the request before, where that was such that the next may be the same.
    private var last: RequestHead?
    /// What the handler has worked out of that.
    private var memo: HeadMemo?
    /// Whether the head is kept for the next one.
    private var isKept = false
    /// Whether the answer was waited for, as that to a poll is, and so is no other's.
    private var hasWaited = false
    /// The last answer, where the one before it had the same body.
    private var keptResponse: KeptResponse?
    /// Where the body of the last answer was; another's may be there by now, which is kept once for nothing then.
    private var lastBody: UInt = 0

    /// A request line is there, in which the target is.
    func begin(_ bytes: UnsafeRawBufferPointer) {
        stage = .named
        (lingers, isLast, isHead, isCounted, isKept, hasWaited) = (false, false, false, false, false, false)
        targetPlace = UInt(bitPattern: bytes.baseAddress)..<UInt(bitPattern: bytes.baseAddress) + UInt(bytes.count)
        if let last, let known = unsafe RequestTarget(parsing: bytes, like: last) {
            target = known
            like = last
        } else {
            target = unsafe RequestTarget(parsing: bytes)
        }
    }

    /// Has the connection close after the answer.
    func closeAfterAnswer() { isLast = true }

    /// The head is there, and nobody is asked about it.
    func turnAway(with response: Response) -> Action {
        (lingers, isLast) = (true, true)
        return .queue(response)
    }

    /// The head is there.
    func receive(_ reader: HeadReader, for handler: some RequestHandler) -> Action {
        let head = reader.head
        // By bytes: a method that is no token can be anything.
        isHead = ASCII.equals(head.method, "HEAD")
        self.head = head
        like = nil
        if !reader.isLikeLast { memo = nil }
        if let refusal = reader.refusal {
            (lingers, isLast) = (true, true)
            return .queue(handler.refuse(refusal, head))
        }
        isKept = reader.canRepeat
        guard head.hasBody else {
            // An answer now would end the keep-alive.
            stage = .headed
            return .proceed
        }
        switch handler.receive(head, &memo) {
        case .answer(let answer):
            (lingers, isLast) = (true, true)
            return perform(answer)
        case .readBody(let limit, let tooLarge, let then):
            if let length = head.contentLength, length > limit {
                (lingers, isLast) = (true, true)
                return .queue(tooLarge())
            }
            stage = .reading(
                RequestBody(limit: limit, expected: head.contentLength, tooLarge: tooLarge, then: then))
            return .proceed
        }
    }

    /// Whether `proceed` asks somebody.
    var asksHandler: Bool {
        switch stage {
        case .headed, .reading: true
        case .named, .waiting, .answerable, .abandoned, .answered: false
        }
    }

    /// The library asks again: after the head of a request without a body, at the end of a body, after a wait.
    func proceed(for handler: some RequestHandler) -> Action {
        switch stage {
        case .headed:
            guard let head else { return .close }
            switch handler.receive(head, &memo) {
            case .answer(let answer): return perform(answer)
            case .readBody(_, _, let then): return perform(then([]))
            }
        case .reading(var body):
            // Taken out: what is overwritten has no second owner.
            stage = .named
            if body.isTooLarge { isLast = true }
            return perform(body.finish())
        case .answerable(let response):
            hasWaited = true
            return .queue(response)
        case .abandoned: return .close
        // The library asks once more only after one of the above.
        case .named, .waiting, .answered: return .close
        }
    }

    /// Bytes of the body are there.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Action {
        guard case .reading(var body) = stage else { return .close }
        // Taken out while it grows, or the array would be copied.
        stage = .named
        let isBearable = unsafe body.append(bytes)
        stage = .reading(body)
        return isBearable ? .proceed : .close
    }

    /// The answer as the library has it from the last time; nil where there is none that it could be made of.
    ///
    /// It is kept from the second time on that a body is the same: most answers are given once.
    func kept(for response: Response) -> KeptResponse? {
        guard isKept, !hasWaited, response.body.count <= KeptResponse.mostBody else {
            (keptResponse, lastBody) = (nil, 0)
            return nil
        }
        let place = KeptResponse.place(of: response.body).lowerBound
        defer { lastBody = place }
        if let keptResponse, keptResponse.become(response) { return keptResponse }
        keptResponse = place == lastBody ? KeptResponse(response, of: self) : nil
        return keptResponse
    }

    /// The request is over, perhaps in the middle of its body.
    func end() {
        last = isKept ? head : nil
        if !isKept { memo = nil }
        (target, head, like, body) = (nil, nil, nil, [])
        switch stage {
        case .reading(var body):
            stage = .abandoned
            body.overwrite()
        // An answer that nobody was there for is nobody's.
        case .answerable: stage = .abandoned
        case .named, .headed, .waiting, .abandoned, .answered: break
        }
    }

    private func perform(_ answer: Answer) -> Action {
        switch answer {
        case .now(let response): .queue(response)
        case .park(let request): .park(request)
        case .stream(let streaming): .stream(streaming)
        }
    }
}
