import ByteText

extension Timestamp {
    /// Reads a time as `text` writes it, of the years 0 to 9999; nil for anything else.
    package init?(parsing text: String) {
        let form = Array("0000-00-00T00:00:00.000Z".utf8)
        guard text.utf8.count == form.count else { return nil }
        var numbers: [Int64] = [0]
        for (byte, expected) in zip(text.utf8, form) {
            if expected != UInt8(ascii: "0") {
                guard byte == expected else { return nil }
                numbers.append(0)
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int64(byte - UInt8(ascii: "0"))
            }
        }
        let date = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2])
        let seconds = (numbers[3] * 60 + numbers[4]) * 60 + numbers[5]
        let timestamp = Timestamp(milliseconds: date.number * Self.day + seconds * 1_000 + numbers[6])
        // The 30th of February is the 2nd of March in other words.
        guard ASCII.equals(timestamp.text, text) else { return nil }
        self = timestamp
    }
}
