import MSNP

/// A web service that `URL` knows (docs/protocol.md#service-names).
enum WebService: String, CaseIterable, Sendable {
    case password = "PASSWORD"
    case inbox = "INBOX"
    case compose = "COMPOSE"
    case message = "MESSAGE"
    case folders = "FOLDERS"
    case person = "PERSON"
    case mobile = "MOBILE"
    case changeMobile = "CHGMOB"
    case profile = "PROFILE"
    case phoneAccount = "N2PACCOUNT"
    case phoneFund = "N2PFUND"

    var dialects: ClosedRange<Dialect> {
        switch self {
        case .password: .msnp2 ... .msnp2
        case .inbox, .compose, .message, .folders, .person: .msnp2 ... .msnp6
        case .mobile, .changeMobile: .msnp5 ... .msnp6
        case .profile, .phoneAccount, .phoneFund: .msnp6 ... .msnp6
        }
    }

    /// Whether its parameter is an LCID.
    var takesLanguage: Bool {
        switch self {
        case .person, .profile, .phoneAccount, .phoneFund: true
        case .password, .inbox, .compose, .message, .folders, .mobile, .changeMobile: false
        }
    }

    /// The Passport site that the form names in `id`.
    var siteID: String {
        switch self {
        case .password, .inbox, .compose, .message, .folders, .person: "2"
        case .mobile, .changeMobile: "961"
        case .profile: "4263"
        case .phoneAccount, .phoneFund: "2823"
        }
    }

    /// Relative below MSNP3, which has no absolute ones.
    func redirect(_ language: Language, target: String?) -> String {
        switch self {
        case .password: "/cgi-bin/password"
        case .inbox: "/cgi-bin/HoTMaiL"
        case .compose: "/cgi-bin/compose" + (target.map { "?mailto=1&to=" + Self.escape($0) } ?? "")
        case .message: "/cgi-bin/getmsg"
        case .folders: "/cgi-bin/folders"
        case .person: "/cgi-bin/accountinfo?lc=\(language.decimal)"
        case .mobile: "http://mobile.sandbox.example/hotmail/confirmUser.asp?URL=%2Fmessengerok.htm&mobID=1"
        case .changeMobile: "http://mobile.sandbox.example/hotmail/settings.asp"
        case .profile: "http://members.sandbox.example/Edit.asp?lc=\(language.decimal)"
        case .phoneAccount:
            "https://ocs.sandbox.example/account/msnaccount/default.asp?_lang=\(language.hexadecimal)"
        case .phoneFund: "https://ocs.sandbox.example/account/msnfund/default.asp?_lang=\(language.hexadecimal)"
        }
    }

    /// Escapes all but letters and digits, in lower case, as `bob%40example%2ecom` was (docs/protocol.md#url).
    private static func escape(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The host of every login URL that the sandbox answers to `URL`; it exists nowhere.
package let loginHost = "login.sandbox.example"
