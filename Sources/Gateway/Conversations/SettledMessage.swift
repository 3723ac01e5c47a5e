/// A message whose outcome is known, for whoever waits for that.
struct SettledMessage: Sendable {
    let message: MessageResource
    let delivery: Delivery
}
