/// What can be written as JSON.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

/// What is an object in JSON: a resource, or a part of one.
package protocol JSONObject: JSONWritable {
    /// Writes the members, in alphabetical order.
    func writeMembers(to json: inout JSONWriter)
}

extension JSONObject {
    /// Writes the members as one object.
    package func write(to json: inout JSONWriter) { json.object { writeMembers(to: &$0) } }
}

extension String: JSONWritable {
    package func write(to json: inout JSONWriter) { json.string(self) }
}

extension Bool: JSONWritable {
    package func write(to json: inout JSONWriter) { json.literal(self ? "true" : "false") }
}

extension JSONWritable where Self: BinaryInteger {
    /// Writes the number in decimal digits.
    package func write(to json: inout JSONWriter) { json.literal(String(self)) }
}

extension Int: JSONWritable {}
extension Int32: JSONWritable {}
extension UInt32: JSONWritable {}
extension UInt64: JSONWritable {}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.list { json in for item in self { json.item(item) } }
    }
}

/// The words of enumerations.
extension JSONWritable where Self: RawRepresentable, RawValue == String {
    /// Writes the case's word.
    package func write(to json: inout JSONWriter) { json.string(rawValue) }
}
