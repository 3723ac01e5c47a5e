/// The data of `event: gap`: events that a stream's reader will not get.
struct GapNotice: JSONObject, Sendable, Equatable {
    /// How many, of all types; absent when unknowable.
    var missed: UInt64?
    /// The position from which the stream goes on; absent where there are no positions.
    var oldest: String?
    /// Where the state can be read anew.
    var snapshot: String?

    func writeMembers(to json: inout JSONWriter) {
        json.member("missed", missed)
        json.member("oldest", oldest)
        json.member("snapshot", snapshot)
    }
}
