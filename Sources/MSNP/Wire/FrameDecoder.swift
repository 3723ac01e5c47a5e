import Glibc

/// Cuts a byte stream into frames, however the bytes were fragmented (docs/protocol.md#lines, #payloads).
///
/// It finds the ends of commands and nothing else. Lines end in CRLF or bare LF; empty lines between commands, which
/// some servers send after payloads, are skipped. After an error every further call throws the same one.
package struct FrameDecoder: Sendable {
    /// Bytes of room that are worth lending: lines have some dozens.
    private static let mostRoom = 4096

    private let direction: Direction
    private var buffer: [UInt8] = []
    /// Where the next undelivered byte is.
    private var start = 0
    /// How far the buffer was searched for a line end without success, so that a line arriving byte by byte is searched
    /// once.
    private var scanned = 0
    /// Empty lines since the last command.
    private var emptyLines = 0
    /// A command whose payload has not arrived whole.
    private var awaiting: (frame: Frame, length: Int)?
    private var failure: FramingError?

    package init(_ direction: Direction) {
        self.direction = direction
    }

    /// Bytes received and not yet delivered in a frame.
    package var bufferedBytes: Int { buffer.count - start }

    /// Adds received bytes; drain `next()` after each call.
    package mutating func append(_ bytes: Span<UInt8>) {
        guard failure == nil else { return }
        if start == buffer.count, start > 0 { reset() }
        // The bytes are copied inside the call.
        unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
    }

    /// The same with room that is lent for it where there is none; `giveRoom` gives it back.
    package mutating func append(_ bytes: Span<UInt8>, in room: inout [UInt8]) {
        if start == buffer.count {
            reset()
            swap(&buffer, &room)
        }
        append(bytes)
    }

    /// Holds no room any more once all that came is decoded; what isn't much is given back for others.
    package mutating func giveRoom(to room: inout [UInt8]) {
        guard start == buffer.count, buffer.capacity > 0 else { return }
        if buffer.capacity <= Self.mostRoom {
            swap(&buffer, &room)
            room.removeAll(keepingCapacity: true)
        }
        reset()
    }

    /// Bytes that it holds memory for.
    package var heldBytes: Int { buffer.capacity }

    /// The next whole frame, or nil until more bytes arrive.
    ///
    /// Throws `FramingError` when the stream cannot be followed any further.
    package mutating func next() throws(FramingError) -> Frame? {
        if let failure { throw failure }
        do {
            return try nextFrame()
        } catch {
            failure = error
            reset()
            throw error
        }
    }

    private mutating func nextFrame() throws(FramingError) -> Frame? {
        while true {
            if let (frame, length) = awaiting {
                guard bufferedBytes >= length else { return nil }
                var whole = frame
                whole.payload = Array(buffer[start..<start + length])
                awaiting = nil
                consume(to: start + length)
                return whole
            }
            guard let (line, end) = try nextLine() else { return nil }
            let cut = line.isEmpty ? nil : Frame(line: buffer.span.extracting(line))
            consume(to: end)
            guard var frame = cut else {
                emptyLines += 1
                guard emptyLines <= WireLimits.emptyLines else { throw .tooManyEmptyLines }
                continue
            }
            emptyLines = 0
            guard direction.carriesPayload(frame.command) else { return frame }
            let length = try payloadLength(of: frame)
            frame.parameters.removeLast()
            awaiting = (frame, length)
        }
    }

    /// Where the next line is without its line end, and where it ends with that; nil until it is there.
    private mutating func nextLine() throws(FramingError) -> (line: Range<Int>, end: Int)? {
        guard let end = lineEnd(from: max(start, scanned)) else {
            scanned = buffer.count
            guard bufferedBytes <= WireLimits.line else { throw .lineTooLong }
            if start == buffer.count { reset() }
            return nil
        }
        guard end - start < WireLimits.line else { throw .lineTooLong }
        let hasReturn = end > start && buffer[end - 1] == 0x0D
        return (start..<(hasReturn ? end - 1 : end), end + 1)
    }

    /// Where the first LF is from a place on, by the C library, which looks at many bytes at a time: 2 µs of a sign-in with 20
    /// contacts were one by one.
    private func lineEnd(from place: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            // As many bytes as are behind the place, which is at most the count; found is one of them.
            guard let first = unsafe bytes.baseAddress?.advanced(by: place),
                let found = unsafe memchr(first, 0x0A, bytes.count - place)
            else { return nil }
            return unsafe place + UnsafeRawPointer(first).distance(to: found)
        }
    }

    private func payloadLength(of frame: Frame) throws(FramingError) -> Int {
        // Digits only: Int would also take a sign.
        guard let last = frame.parameters.last, !last.isEmpty, last.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .invalidPayloadLength(command: frame.command) }
        guard let length = Int(last), length <= WireLimits.payload else {
            throw .payloadTooLong(command: frame.command)
        }
        return length
    }

    private mutating func consume(to index: Int) {
        start = index
        scanned = index
        // The rest is moved only once a good part is spent, which keeps the cost of many frames in one read linear.
        if start >= 4096, start * 2 >= buffer.count {
            buffer.removeFirst(start)
            start = 0
            scanned = 0
        }
    }

    /// Releases the memory: an idle session holds no buffer.
    private mutating func reset() {
        buffer = []
        start = 0
        scanned = 0
    }
}

extension FrameDecoder: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How much is buffered, and none of it.
    package var description: String { "FrameDecoder (\(bufferedBytes) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a byte stream can no longer be cut into commands; the connection has to be closed.
package enum FramingError: Error, Equatable, Sendable {
    /// A line grew beyond `WireLimits.line` with no terminator in sight.
    case lineTooLong
    /// More than `WireLimits.emptyLines` lines between two commands had nothing on them.
    case tooManyEmptyLines
    /// A payload command's last parameter is not a decimal length.
    case invalidPayloadLength(command: String)
    /// A payload command announced more than `WireLimits.payload`.
    case payloadTooLong(command: String)
}
