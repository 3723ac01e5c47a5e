import GatewayService

/// Whether the gateway would start with the settings, and somebody could sign in then.
struct SettingsCheck: Check {
    static let name = "settings"

    let reading: SettingsReading

    func run(_ visit: inout Visit) async -> [CheckResult] { [CheckResult(Self.name, Self.judge(reading))] }

    /// What the settings come to.
    static func judge(_ reading: SettingsReading) -> CheckResult.Outcome {
        switch reading {
        case .none: return .notTried("no settings are given; say --config FILE, or what serve is started with")
        case .refused(let error):
            return .found(
                Finding(.settings, of: error.key, seen: "\(error)", change: "put it right, or take the setting out"))
        case .read(let settings):
            var findings: [Finding] = []
            if settings.closesSignIn {
                findings.append(
                    Finding(
                        .signInClosed, seen: "keys.json has no key, and openSignIn is not on",
                        change: "make a key with msnp-gateway keys add NAME, or set openSignIn to true"))
            }
            if let key = settings.saidStateKey, let directory = settings.stateDirectory, isWithin(key, directory) {
                findings.append(
                    Finding(
                        .stateKeyInside, seen: "\(key) is in \(directory)",
                        change:
                            "move the key file out of the directory and its backups, and name the new place in stateKey"
                    ))
            }
            return .judged(findings, sound: "\(settings.listen), backends \(settings.backendNames)")
        }
    }

    private static func isWithin(_ file: String, _ directory: String) -> Bool {
        let start = directory.utf8.last == UInt8(ascii: "/") ? directory : directory + "/"
        return file.utf8.starts(with: start.utf8)
    }
}
