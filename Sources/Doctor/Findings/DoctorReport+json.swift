import Gateway

extension DoctorReport {
    /// For programs: one object.
    package var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("checks") { json in
                json.list { json in
                    for result in results {
                        var item = JSONWriter()
                        item.object { Self.write(result, to: &$0) }
                        json.item(encoded: item.bytes)
                    }
                }
            }
            json.member("exitCode", Int(exitCode))
            json.member("findings") { json in
                json.list { json in
                    for finding in findings {
                        var item = JSONWriter()
                        item.object { Self.write(finding, to: &$0) }
                        json.item(encoded: item.bytes)
                    }
                }
            }
            json.member("worst", worst?.rawValue)
        }
        return json.bytes
    }

    private static func write(_ result: CheckResult, to json: inout JSONWriter) {
        json.member("check", result.check)
        switch result.outcome {
        case .sound(let note):
            json.member("note", note)
            json.member("outcome", "sound")
        case .notTried(let reason):
            json.member("outcome", "notTried")
            json.member("reason", reason)
        case .found(let findings):
            json.member("findings", findings.map(\.kind.rawValue))
            json.member("outcome", "found")
        }
        json.member("subject", result.subject)
    }

    private static func write(_ finding: Finding, to json: inout JSONWriter) {
        json.member("caddy", finding.caddy)
        json.member("evidence", finding.evidence)
        json.member("id", finding.kind.rawValue)
        json.member("nginx", finding.nginx)
        json.member("remedy", finding.remedy)
        json.member("severity", finding.severity.rawValue)
        json.member("subject", finding.subject)
        json.member("what", finding.kind.sentence)
    }
}
