import ByteText

/// A request and its answer, from the request line to the last byte sent: what has happened, and what to do next.
///
/// Confined to its loop's thread. The library's calls come in as methods and go out as actions, so that nothing here
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

    /// Nil when the target could not be read.
    let target: RequestTarget?
    var stage = Stage.named
    /// Nil until it is there.
    private(set) var head: RequestHead?
    /// Whether the answer is sent while bytes of the request may be under way, so that the connection has to linger.
    private(set) var lingers = false
    /// Whether its loop counts it among its active ones.
    var isCounted = false
    /// Whether the connection closes after the answer.
    private(set) var isLast = false

    /// Whether the method is HEAD, whose answer has no body.
    private(set) var isHead = false
    /// Where the target lies in the library's buffer, for `HeadLayout`: an address that nobody reads from.
    let targetPlace: Range<UInt>

    init(target: RequestTarget?, at place: UInt, count: Int) {
        self.target = target
        targetPlace = place..<place + UInt(count)
    }

    /// Has the connection close after the answer.
    func closeAfterAnswer() { isLast = true }

    /// The head is there, and nobody is asked about it.
    func turnAway(with response: Response) -> Action {
        (lingers, isLast) = (true, true)
        return .queue(response)
    }

    /// The head is there.
    func receive(_ head: RequestHead, _ refusal: FramingRefusal?, for handler: some RequestHandler) -> Action {
        // By bytes: a method that is no token can be anything.
        isHead = ASCII.equals(head.method, "HEAD")
        self.head = head
        if let refusal {
            (lingers, isLast) = (true, true)
            return .queue(handler.refuse(refusal, head))
        }
        guard head.hasBody else {
            // An answer now would end the keep-alive.
            stage = .headed
            return .proceed
        }
        switch handler.receive(head) {
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
            switch handler.receive(head) {
            case .answer(let answer): return perform(answer)
            case .readBody(_, _, let then): return perform(then([]))
            }
        case .reading(var body):
            // Taken out: what is overwritten has no second owner.
            stage = .named
            if body.isTooLarge { isLast = true }
            return perform(body.finish())
        case .answerable(let response): return .queue(response)
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

    /// The request is over, perhaps in the middle of its body.
    func end() {
        guard case .reading(var body) = stage else { return }
        stage = .abandoned
        body.overwrite()
    }

    private func perform(_ answer: Answer) -> Action {
        switch answer {
        case .now(let response): .queue(response)
        case .park(let request): .park(request)
        case .stream(let streaming): .stream(streaming)
        }
    }
}
