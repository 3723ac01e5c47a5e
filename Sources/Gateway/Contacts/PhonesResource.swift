import MSNP

/// Phone numbers as the API shows them; what is not set is left out.
struct PhonesResource: Encodable, Sendable, Equatable {
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
}
