import ByteText
import MSNP
import Testing

@Suite struct ProfileTests {
    private func parse(_ headers: String) -> Profile? {
        Profile(
            MIMEPayload(parsing: Array("Content-Type: text/x-msmsgsprofile; charset=UTF-8\r\n\(headers)\r\n".utf8)))
    }

    @Test("The profile")
    func documented() throws {
        let payload = try #require(Transcript.profile.commands.first?.payload)
        let profile = try #require(Profile(MIMEPayload(parsing: payload)))
        #expect(profile.loginTime == 1_726_321_960)
        #expect(profile.emailEnabled == true)
        #expect(profile.memberIDHigh == 1)
        #expect(profile.memberIDLow == 2)
        #expect(profile.puid == "0x00000001:0x00000002")
        #expect(profile.languagePreference == 1033)
        #expect(profile.preferredEmail == "example@hotmail.com")
        #expect(profile.country == "US")
        #expect(profile.kid == false)
        #expect(profile.flags == 1027)
        #expect(profile.sid == 507)
        #expect(profile.kv == 11)
        // Compared without #expect's own words, which would show it.
        let ticketIsWhole = profile.mspAuth?.value == String(repeating: "A", count: 33) + "$$"
        #expect(ticketIsWhole)
        #expect(profile.postalCode == nil)
        #expect(profile.gender == nil)
        #expect(profile.age == nil)
        #expect(profile.birthdayPrecision == nil)
        #expect(profile.birthday == nil)
        #expect(profile.wallet == nil)
        #expect(profile.clientIP == nil)
        #expect(profile.clientPort == nil)
    }

    @Test("32 bits are written signed and unsigned, and are the same")
    func signs() throws {
        let unsigned = try #require(
            parse(
                "MemberIdHigh: 3171280002\r\nMemberIdLow: 3777936717\r\nFlags: 2147484675\r\nsid: 4294967295\r\n"
                    + "kv: 2147483648\r\nlang_preference: 4294967294\r\nLoginTime: 2147483653\r\n"))
        let signed = try #require(
            parse(
                "MemberIdHigh: -1123687294\r\nMemberIdLow: -517030579\r\nFlags: -2147482621\r\nsid: -1\r\n"
                    + "kv: -2147483648\r\nlang_preference: -2\r\nLoginTime: -2147483643\r\n"))
        #expect(unsigned == signed)
        #expect(unsigned.memberIDHigh == -1_123_687_294)
        #expect(unsigned.puid == "0xbd05e482:0xe12ebd4d")
        #expect(unsigned.flags == 2_147_484_675)
        #expect(unsigned.sid == .max)
        #expect(unsigned.loginTime == 2_147_483_653)
        let beyond = try #require(parse("MemberIdHigh: 4294967296\r\nFlags: -2147483649\r\n"))
        #expect(beyond.memberIDHigh == nil && beyond.flags == nil)
    }

    @Test("The names that one revived server uses: another case, no space, later fields")
    func revived() throws {
        let profile = try #require(
            parse(
                "EmailEnabled: 0\r\npreferredEmail:\r\nFlags: 536872513\r\nsid: 507\r\nGender: f\r\nAge: 30\r\n"
                    + "BDayPre: 5\r\nBirthday: 25947\r\nWallet: 1\r\nPostalCode: 1030\r\nClientIP: 10.0.0.9\r\n"
                    + "ClientPort: 54321\r\nABCHMigrated: 1\r\n"))
        #expect(profile.emailEnabled == false)
        #expect(profile.preferredEmail == nil)
        #expect(profile.flags == 536_872_513)
        #expect(profile.kv == nil)
        #expect(profile.mspAuth == nil)
        #expect(profile.gender == "f")
        #expect(profile.age == 30)
        #expect(profile.birthdayPrecision == 5)
        #expect(profile.birthday == "25947")
        #expect(profile.wallet == true)
        #expect(profile.postalCode == "1030")
        #expect(profile.clientIP == "10.0.0.9")
        #expect(profile.clientPort == 54321)
        #expect(profile.puid == nil)
    }

    @Test(
        "MemberIdLow is signed or unsigned",
        arguments: [
            ("-517030579", "0x00014c30:0xe12ebd4d"), ("3777936717", "0x00014c30:0xe12ebd4d"),
            ("-2147483648", "0x00014c30:0x80000000"), ("4294967295", "0x00014c30:0xffffffff"),
            ("0", "0x00014c30:0x00000000"), ("4294967296", nil), ("-2147483649", nil), ("x", nil), ("", nil),
        ] as [(String, String?)])
    func puid(low: String, puid: String?) throws {
        #expect(try #require(parse("MemberIdHigh: 85040\r\nMemberIdLow: \(low)\r\n")).puid == puid)
    }

    @Test(
        "What is no number of its kind is nil",
        arguments: ["+1", "-", "--1", "1.5", "0x1", "1 2", "٣", "-2147483649", "99999999999999999999999"])
    func numbers(value: String) throws {
        let profile = try #require(
            parse("LoginTime: \(value)\r\nsid: \(value)\r\nFlags: \(value)\r\nKid: \(value)\r\nClientPort: \(value)"))
        #expect(profile.loginTime == nil)
        #expect(profile.sid == nil)
        #expect(profile.flags == nil)
        #expect(profile.kid == nil)
        #expect(profile.clientPort == nil)
    }

    @Test("What can't be less than nothing is nil when it is")
    func negative() throws {
        let profile = try #require(parse("Age: -1\r\nBDayPre: -1\r\nClientPort: -1\r\nKid: -1\r\n"))
        #expect(profile.age == nil && profile.birthdayPrecision == nil)
        #expect(profile.clientPort == nil && profile.kid == nil)
    }

    @Test("Another content type is no profile")
    func otherType() {
        #expect(Profile(MIMEPayload(parsing: Array("Content-Type: text/plain\r\nsid: 507\r\n\r\n".utf8))) == nil)
        #expect(Profile(MIMEPayload(parsing: [])) == nil)
    }
}
