import MSNP

/// `alert.received`: something that the account has subscribed to; an alert with the `id` of an earlier one replaces it.
struct AlertReceivedEvent: EventKind {
    static let name = "alert.received"

    let alert: NotificationDocument

    func writeMembers(to json: inout JSONWriter) {
        json.member("actionUrl", alert.actionURL)
        json.member("iconUrl", alert.iconURL)
        json.member("id", alert.id)
        json.member("language", alert.language)
        json.member("siteId", alert.siteID.flatMap { UInt32($0) })
        json.member("subscriptionUrl", alert.subscriptionURL)
        json.member("text", alert.text)
    }
}
