import MSNP
import Testing

/// What is busy, and what is a flood.
@Suite struct FloodMeterTests {
    private static let second: Int64 = 1_000_000_000
    private static let change = Frame("NLN", ["BSY", "bob@example.com", "Bob"])

    /// How many of the frames come through at one moment.
    private func admitted(_ frame: Frame, _ meter: inout FloodMeter, at now: Int64 = 0) -> Int {
        var count = 0
        while count < 1_000_000, meter.admits(frame, at: now) { count += 1 }
        return count
    }

    @Test("The fullest account signs in, and everybody on it comes online and changes at once")
    func fullest() {
        var meter = FloodMeter()
        var frames: [Frame] = []
        for list in ["FL", "AL", "BL", "RL"] {
            for number in 1...1_500 {
                frames.append(Frame("LST", ["5", list, "9", "\(number)", "1500", "a@b.example", "A"]))
                for key in ["PHH", "PHW", "PHM", "MOB"] { frames.append(Frame("BPR", ["9", "a@b.example", key, "5"])) }
            }
        }
        frames += repeatElement(Self.change, count: 2_000)
        frames.append(Frame("MSG", ["Hotmail", "Hotmail"], payload: Array(repeating: 0, count: 65_536)))
        let admitted = frames.count { meter.admits($0, at: 0) }
        #expect(admitted == frames.count)
    }

    @Test("A thousand contacts who change all the time, for half an hour")
    func sustained() {
        var meter = FloodMeter()
        for moment in Int64(0)..<30 {
            for _ in 1...15_000 where !meter.admits(Self.change, at: moment * 60 * Self.second) {
                Issue.record("a flood at \(moment)")
                return
            }
        }
    }

    @Test("The burst, to the frame, and what comes back with time")
    func burst() {
        var meter = FloodMeter()
        #expect(admitted(Self.change, &meter) == 15_000)
        #expect(admitted(Self.change, &meter, at: Self.second) == 250)
        // No more than the burst is saved up, and a clock that stands still gives nothing.
        #expect(admitted(Self.change, &meter, at: 3_600 * Self.second) == 15_000)
        #expect(admitted(Self.change, &meter, at: 3_600 * Self.second) == 0)
    }

    @Test("Challenges and bytes cost more")
    func costs() {
        var challenges = FloodMeter()
        #expect(admitted(Frame("CHL", ["0", "1"]), &challenges) == 1_500)
        var payloads = FloodMeter()
        let message = Frame("MSG", ["Hotmail", "Hotmail"], payload: Array(repeating: 0, count: WireLimits.payload))
        #expect(admitted(message, &payloads) == 230)
        var lines = FloodMeter()
        let long = Frame("LST", [String(repeating: "a", count: WireLimits.line - 10)])
        #expect((800...1_000).contains(admitted(long, &lines)))
    }
}
