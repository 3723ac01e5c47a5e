import MSNP

/// The login profile as the API shows it: typed, absent where empty, and never with its ticket.
struct ProfileResource: JSONObject, Sendable, Equatable {
    let loginTime: Timestamp?
    let emailEnabled: Bool?
    let memberIdHigh: Int32?
    let memberIdLow: Int32?
    let puid: String?
    let languagePreference: UInt32?
    let preferredEmail: String?
    let country: String?
    let postalCode: String?
    let gender: String?
    let kid: Bool?
    let age: UInt32?
    let birthdayPrecision: UInt32?
    let birthday: String?
    let wallet: Bool?
    let flags: UInt32?
    let sid: UInt32?
    let kv: UInt32?

    init(_ profile: Profile) {
        // Beyond the year 9999 a time has no RFC 3339 form.
        loginTime = profile.loginTime.flatMap { $0 < 253_402_300_800 ? Timestamp(milliseconds: Int64($0) * 1000) : nil }
        emailEnabled = profile.emailEnabled
        memberIdHigh = profile.memberIDHigh
        memberIdLow = profile.memberIDLow
        puid = profile.puid
        languagePreference = profile.languagePreference
        preferredEmail = profile.preferredEmail
        country = profile.country
        postalCode = profile.postalCode
        gender = profile.gender
        kid = profile.kid
        age = profile.age
        birthdayPrecision = profile.birthdayPrecision
        birthday = profile.birthday
        wallet = profile.wallet
        flags = profile.flags
        sid = profile.sid
        kv = profile.kv
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("age", age)
        json.member("birthday", birthday)
        json.member("birthdayPrecision", birthdayPrecision)
        json.member("country", country)
        json.member("emailEnabled", emailEnabled)
        json.member("flags", flags)
        json.member("gender", gender)
        json.member("kid", kid)
        json.member("kv", kv)
        json.member("languagePreference", languagePreference)
        json.member("loginTime", loginTime)
        json.member("memberIdHigh", memberIdHigh)
        json.member("memberIdLow", memberIdLow)
        json.member("postalCode", postalCode)
        json.member("preferredEmail", preferredEmail)
        json.member("puid", puid)
        json.member("sid", sid)
        json.member("wallet", wallet)
    }
}
