import MSNP

/// Phone numbers as the API shows them; what is not set is left out.
struct PhonesResource: JSONObject, Sendable, Equatable {
    let home: String?
    let work: String?
    let mobile: String?
    let mobileMessaging: Bool?

    init(_ phones: ContactPhones) {
        home = phones.home
        work = phones.work
        mobile = phones.mobile
        mobileMessaging = phones.mobileMessaging
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("home", home)
        json.member("mobile", mobile)
        json.member("mobileMessaging", mobileMessaging)
        json.member("work", work)
    }
}
