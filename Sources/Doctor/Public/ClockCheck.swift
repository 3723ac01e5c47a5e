/// Whether the gateway's clock, or its proxy's, goes as this machine's.
struct ClockCheck: Check {
    static let name = "clock"
    /// Seconds of difference that are no finding: the field has whole seconds, and an answer may be under way for some.
    static let tolerance: Int64 = 30

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let answer = visit.first else {
            guard case .closed(let reason) = visit.standing else { return [] }
            return [CheckResult(Self.name, .notTried(reason))]
        }
        return [CheckResult(Self.name, Self.judge(answer))]
    }

    /// What `Date` comes to.
    static func judge(_ answer: HTTPAnswer) -> CheckResult.Outcome {
        guard let text = answer.value(of: "date"), let date = WallTime.seconds(ofField: text) else {
            return .notTried("the answer has no Date")
        }
        let difference = date - answer.time
        guard abs(difference) > tolerance else { return .sound("within \(tolerance) s") }
        let word = difference > 0 ? "ahead of" : "behind"
        return .found(
            Finding(
                .clockSkew, seen: "Date is \(abs(difference)) s \(word) this machine's clock",
                change:
                    "have both machines follow a time server (timedatectl set-ntp true): receivers of webhooks refuse "
                    + "what is five minutes off, and certificates are taken for expired"))
    }
}
