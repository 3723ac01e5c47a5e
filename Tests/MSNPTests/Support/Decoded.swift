import MSNP

/// What a decoder makes of a stream that arrives in pieces.
struct Decoded: Equatable {
    var frames: [Frame] = []
    var failure: FramingError?
    /// What the decoder still held at the end.
    var leftOver = 0

    init(_ direction: Direction, pieces: [[UInt8]]) {
        var decoder = FrameDecoder(direction)
        do {
            for piece in pieces {
                decoder.append(piece.span)
                while let frame = try decoder.next() { frames.append(frame) }
            }
        } catch {
            failure = error
        }
        leftOver = decoder.bufferedBytes
    }

    init(_ direction: Direction, _ text: String) {
        self.init(direction, pieces: [Array(text.utf8)])
    }

    init(_ direction: Direction, byteByByte bytes: [UInt8]) {
        self.init(direction, pieces: bytes.map { [$0] })
    }

    /// Cut into pieces of up to `longest` bytes.
    init(_ direction: Direction, _ bytes: [UInt8], longest: Int, using generator: inout SeededGenerator) {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int.random(in: 0...longest, using: &generator)
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        self.init(direction, pieces: pieces)
    }

    /// The frames as commands from a server, without those that are to be ignored.
    var commands: [ServerCommand] { frames.compactMap { try? ServerCommand(parsing: $0) } }
}
