package import MSNP

/// How a `ScriptedServer` answers, command by command; a command without an entry is met with silence.
package struct Script: Sendable {
    /// What to do about one frame.
    package enum Reply: Sendable {
        /// A line; CRLF is added.
        case line(String)
        case raw([UInt8])
        case close
    }

    /// What a server does about one frame.
    package typealias Answer = @Sendable (Frame) -> [Reply]

    /// What to do about each command, by its name.
    package var answers: [String: Answer]

    package init(_ answers: [String: Answer] = [:]) {
        self.answers = answers
    }

    /// Answers a command with fixed lines; `#` stands for the transaction of the request.
    package mutating func answer(_ command: String, _ lines: String...) {
        answers[command] = { frame in
            lines.map {
                .line(
                    $0.split(separator: "#", omittingEmptySubsequences: false)
                        .joined(separator: frame.parameters.first ?? ""))
            }
        }
    }

    /// Says something and closes.
    package mutating func close(on command: String, _ lines: String...) {
        answers[command] = { frame in
            lines.map {
                .line(
                    $0.split(separator: "#", omittingEmptySubsequences: false)
                        .joined(separator: frame.parameters.first ?? ""))
            } + [.close]
        }
    }

    /// Says nothing to a command.
    package mutating func ignore(_ command: String) { answers[command] = nil }

    /// A notification server that takes any password of any account, in MSNP6, with bob as the only contact.
    package static var friendly: Script {
        var script = Script()
        script.answer("VER", "VER # MSNP6")
        script.answer("INF", "INF # MD5")
        script.answers["USR"] = { frame in
            let transaction = frame.parameters[0]
            return frame.parameters[2] == "I"
                ? [.line("USR \(transaction) MD5 S 1013928519.693957190")]
                : [.line("USR \(transaction) OK alice@example.com Alice 1")]
        }
        script.answer(
            "SYN", "SYN # 3", "GTC # 3 A", "BLP # 3 AL", "LST # FL 3 1 1 bob@example.com Bob",
            "LST # AL 3 1 1 bob@example.com Bob", "LST # BL 3 0 0", "LST # RL 3 1 1 bob@example.com Bob")
        script.answers["CHG"] = { frame in [.line("CHG \(frame.parameters.joined(separator: " "))")] }
        script.answers["REA"] = { frame in
            [.line("REA \(frame.parameters[0]) 4 \(frame.parameters.dropFirst().joined(separator: " "))")]
        }
        script.answer("PNG", "QNG")
        script.answer("QRY", "QRY #")
        script.answer("URL", "URL # http://members.example/ https://login.example/md5auth.srf?lc=1033 4263")
        script.answers["OUT"] = { _ in [.line("OUT"), .close] }
        return script
    }

    /// A switchboard where everybody who is called comes at once, and every message is acknowledged.
    package static var switchboard: Script {
        var script = Script()
        script.answers["USR"] = { frame in [.line("USR \(frame.parameters[0]) OK \(frame.parameters[1]) Alice")] }
        script.answers["ANS"] = { frame in
            let transaction = frame.parameters[0]
            return [.line("IRO \(transaction) 1 1 bob@example.com Bob"), .line("ANS \(transaction) OK")]
        }
        script.answers["CAL"] = { frame in
            [.line("CAL \(frame.parameters[0]) RINGING 4711"), .line("JOI \(frame.parameters[1]) Somebody")]
        }
        script.answers["MSG"] = { frame in frame.parameters[1] == "A" ? [.line("ACK \(frame.parameters[0])")] : [] }
        script.answers["OUT"] = { _ in [.close] }
        return script
    }

    /// `friendly`, with switchboards at that address.
    package static func friendly(switchboard: ServerAddress) -> Script {
        var script = Script.friendly
        script.answer("XFR", "XFR # SB \(switchboard) CKI 17262.1013928521.3692")
        return script
    }
}
