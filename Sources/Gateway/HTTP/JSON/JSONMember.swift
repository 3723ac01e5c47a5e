/// An object with one member: a list under its name, say.
struct JSONMember<Value: JSONWritable>: JSONObject {
    let name: String
    let value: Value

    init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    func writeMembers(to json: inout JSONWriter) { json.member(name, value) }
}

extension JSONMember: Sendable where Value: Sendable {}
