import MSNP

/// The frame decoder, and the commands that frames are.
///
/// The first byte says from which side the stream comes, the second how it is fragmented.
enum FrameFuzzing {
    private struct Outcome: Equatable {
        var frames: [Frame] = []
        var error: FramingError?
        var leftOver = 0
    }

    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        let direction: Direction = input.byte().isMultiple(of: 2) ? .fromServer : .fromClient
        let step = Int(input.byte())
        let stream = input.takeRest()
        let whole = try decode(stream, direction, piece: { _ in stream.count })
        let pieces = try decode(stream, direction) { place in 1 + (place &* 31 &+ step) % 61 }
        try FuzzFinding.unless(whole == pieces, "fragments change what is decoded")
        for frame in whole.frames { try check(frame, direction) }
    }

    private static func decode(_ stream: [UInt8], _ direction: Direction, piece: (Int) -> Int) throws -> Outcome {
        var decoder = FrameDecoder(direction)
        var outcome = Outcome()
        var place = 0
        while place < stream.count, outcome.error == nil {
            let end = min(stream.count, place + max(1, piece(place)))
            let bytes = Array(stream[place..<end])
            decoder.append(bytes.span)
            place = end
            do throws(FramingError) {
                while let frame = try decoder.next() { outcome.frames.append(frame) }
            } catch {
                outcome.error = error
            }
            try FuzzFinding.unless(
                decoder.bufferedBytes <= WireLimits.line + WireLimits.payload, "\(decoder.bufferedBytes) bytes are kept"
            )
        }
        outcome.leftOver = outcome.error == nil ? decoder.bufferedBytes : 0
        return outcome
    }

    /// What is read is written as it was read, and our own form of a command stays as it is.
    private static func check(_ frame: Frame, _ direction: Direction) throws {
        try check(frame, direction) { $0.encoded() }
        switch direction {
        case .fromServer:
            try check(frame, direction) { try? ServerCommand(parsing: $0).frame.encoded() }
            try check(frame, direction) { try? SwitchboardServerCommand(parsing: $0).frame.encoded() }
        case .fromClient:
            try check(frame, direction) { try? ClientCommand(parsing: $0).frame.encoded() }
            try check(frame, direction) { try? SwitchboardClientCommand(parsing: $0).frame.encoded() }
        }
        try FuzzFinding.unless(frame.printableCommand.utf8.count <= 3, "a command that is none is shown")
    }

    /// `written` reads a frame and gives our form of it, or nil for what it does not know.
    private static func check(_ frame: Frame, _ direction: Direction, _ written: (Frame) -> [UInt8]?) throws {
        guard let once = written(frame) else { return }
        // Escapes can make a line longer than a line may be.
        guard once.count - (frame.payload?.count ?? 0) < WireLimits.line else { return }
        let again = try decode(once, direction) { _ in once.count }
        try FuzzFinding.unless(
            again.error == nil && again.frames.count == 1 && again.leftOver == 0, "a frame is not one when written")
        let twice = written(again.frames[0])
        // And a word longer than a word may be: what is no printable ASCII is escaped.
        let isEscaped = frame.parameters.contains { $0.utf8.contains { $0 <= 0x20 || $0 >= 0x7F } }
        try FuzzFinding.unless(
            twice == once || twice == nil && isEscaped, "a frame changes when it is written and read")
    }
}
