import ByteText

/// What is fuzzed, by the name of its corpus: everything that takes bytes from outside apart, or acts on them.
enum FuzzTarget: String, CaseIterable, Sendable {
    case frames
    case notification
    case switchboard
    case mime
    case encodedWords = "encoded-words"
    case invitation
    case markup
    case json
    case head
    case cursors
    case webhooks

    /// Feeds an input to the target; throws `FuzzFinding` when it does something that it never should.
    ///
    /// What traps, hangs or eats memory is for whoever calls to see.
    func run(_ input: [UInt8]) throws {
        #if COUNTS_TEXT_WORK
            let work = try TextWork.bytes { try feed(input) }
            if let mostWork, work > mostWork.factor * input.count + mostWork.constant {
                throw FuzzFinding("\(work) bytes of text compared for \(input.count) of input")
            }
        #else
            try feed(input)
        #endif
    }

    private func feed(_ input: [UInt8]) throws {
        switch self {
        case .frames: try FrameFuzzing.run(input)
        case .notification: try NotificationFuzzing.run(input)
        case .switchboard: try SwitchboardFuzzing.run(input)
        case .mime: try PayloadFuzzing.mime(input)
        case .encodedWords: try PayloadFuzzing.encodedWords(input)
        case .invitation: try PayloadFuzzing.invitation(input)
        case .markup: try PayloadFuzzing.markup(input)
        case .json: try JSONFuzzing.run(input)
        case .head: try HeadFuzzing.run(input)
        case .cursors: try CursorFuzzing.run(input)
        case .webhooks: try WebhookFuzzing.run(input)
        }
    }

    /// How much text may be compared, hashed and folded for so many bytes; nil where lists are searched, which is the time
    /// limit's to judge.
    private var mostWork: (factor: Int, constant: Int)? {
        switch self {
        case .notification, .switchboard: nil
        // Each header name is hashed when it comes, and each of some thirty that are looked for is compared with it.
        case .mime, .invitation, .markup: (256, 16_384)
        case .frames, .encodedWords, .json, .head, .cursors, .webhooks: (64, 16_384)
        }
    }
}
