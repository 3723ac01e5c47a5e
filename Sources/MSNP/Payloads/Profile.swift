package import ByteText
import Encodings

/// The account's Hotmail profile, which a notification server sends once after sign-in (docs/protocol.md#profile).
///
///     S: MSG Hotmail Hotmail 367
///
/// Every field is nil when its header is missing, empty or not of its type: servers leave out, add and empty them.
package struct Profile: Equatable, Sendable {
    /// Whether the account has a mailbox at the service.
    package let emailEnabled: Bool?
    /// The high half of the Passport unique ID; servers send both halves signed or unsigned, here they are signed.
    package let memberIDHigh: Int32?
    /// The low half.
    package let memberIDLow: Int32?
    /// When the server took this sign-in, in seconds since 1970 by its clock.
    package let loginTime: UInt64?
    /// A Windows language ID: 1033 for American English.
    package let languagePreference: UInt32?
    /// The address that the person prefers; nil where none is told.
    @Bytewise package private(set) var preferredEmail: String?
    /// Two letters, as sent.
    @Bytewise package private(set) var country: String?
    @Bytewise package private(set) var postalCode: String?
    /// `m` or `f`, in either case.
    @Bytewise package private(set) var gender: String?
    /// Whether it is a child's account.
    package let kid: Bool?
    /// Years; nil where none is told.
    package let age: UInt32?
    /// A digit whose meaning no document gives.
    package let birthdayPrecision: UInt32?
    /// A number whose encoding no document gives, as sent.
    @Bytewise package private(set) var birthday: String?
    /// Whether the account has a Passport wallet.
    package let wallet: Bool?
    /// Bits whose meaning no document gives.
    package let flags: UInt32?
    /// The Passport site ID of the messenger service, a field of the Passport form.
    package let sid: UInt32?
    /// The version of the ticket's key, a field of the Passport form; some servers omit it.
    package let kv: UInt32?
    /// The Passport ticket.
    package let mspAuth: Redacted<String>?
    /// The client's address as the server sees it.
    @Bytewise package private(set) var clientIP: String?
    /// The client's port as the server sees it, on historic servers with its bytes swapped.
    package let clientPort: UInt16?

    /// Reads a payload; nil unless its content type is the profile's.
    package init?(_ payload: MIMEPayload) {
        guard payload.contentType == "text/x-msmsgsprofile" else { return nil }
        emailEnabled = payload.flag("EmailEnabled")
        memberIDHigh = payload.bits("MemberIdHigh").map(Int32.init(bitPattern:))
        memberIDLow = payload.bits("MemberIdLow").map(Int32.init(bitPattern:))
        loginTime = payload.seconds("LoginTime")
        languagePreference = payload.bits("lang_preference")
        preferredEmail = payload.text("PreferredEmail")
        country = payload.text("country")
        postalCode = payload.text("PostalCode")
        gender = payload.text("Gender")
        kid = payload.flag("Kid")
        age = payload.number("Age").flatMap(UInt32.init(exactly:))
        birthdayPrecision = payload.number("BDayPre").flatMap(UInt32.init(exactly:))
        birthday = payload.text("Birthday")
        wallet = payload.flag("Wallet")
        flags = payload.bits("Flags")
        sid = payload.bits("sid")
        kv = payload.bits("kv")
        mspAuth = payload.text("MSPAuth").map { Redacted($0) }
        clientIP = payload.text("ClientIP")
        clientPort = payload.number("ClientPort").flatMap(UInt16.init(exactly:))
    }

    /// The Passport unique ID as notifications spell it: `0x00014c30:0xe12ebd4d`; nil without both halves.
    package var puid: String? {
        guard let memberIDHigh, let memberIDLow else { return nil }
        return "\(Self.hexadecimal(memberIDHigh)):\(Self.hexadecimal(memberIDLow))"
    }

    private static func hexadecimal(_ half: Int32) -> String {
        "0x" + Hexadecimal.padded(UInt32(bitPattern: half), to: 8)
    }
}
