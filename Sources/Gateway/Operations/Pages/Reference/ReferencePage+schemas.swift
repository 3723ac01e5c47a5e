extension ReferencePage {
    private static let schemaPrefix = "#/components/schemas/"

    var schemas: [DescriptionNode.Member] { root["components"]?["schemas"]?.members ?? [] }

    var schemaSection: String {
        let parts = schemas.map { schema in
            folded("schema-", schema.name, described(schema.value["description"]) + whole(schema.value))
        }
        return "<section><h2 id=\"schemas\">Schemas</h2>\(parts.joined(separator: "\n"))</section>"
    }

    /// The event kinds by name, in the order of the union that names them.
    var events: [(name: String, kind: DescriptionNode, data: DescriptionNode)] {
        (root["components"]?["schemas"]?["Event"]?["anyOf"]?.items ?? []).compactMap { option in
            let event = resolved(option)
            let properties = (event["allOf"]?.items ?? []).compactMap { $0["properties"] }.first
            // `OtherEvent` has no name.
            guard let type = properties?["type"], let name = resolved(type)["enum"]?.items.first?.text else {
                return nil
            }
            return (name, event, properties?["data"] ?? .null)
        }
    }

    /// Each event with its `data`.
    var eventSection: String {
        let parts = events.map { event in
            folded(
                "event-", event.name,
                "\(described(event.kind["description"]))<p><code>data</code>:</p>\(whole(event.data))")
        }
        return """
            <section><h2 id="event-types">Event types</h2>
            \(described(root["components"]?["schemas"]?["Event"]?["description"]))
            \(parts.joined(separator: "\n"))</section>
            """
    }

    /// One of many, of which a reader wants to see few at a time.
    private func folded(_ prefix: String, _ name: String, _ inner: String) -> String {
        let name = HTML.escaped(name)
        return """
            <details class="folded"><summary><h3 id="\(prefix)\(name)"><code>\(name)</code></h3></summary>
            \(inner)
            </details>
            """
    }

    /// A schema that has room: its members as a table, or what it is in a line.
    private func whole(_ schema: DescriptionNode) -> String {
        let table = table(schema)
        return table.isEmpty ? "<p>\(type(schema))</p>" : table
    }

    /// The members of an object; empty where there are none.
    private func table(_ schema: DescriptionNode) -> String {
        let required = Set((schema["required"]?.items ?? []).compactMap(\.text))
        let rows = (schema["properties"]?.members ?? []).map { property in
            """
            <tr><td><code>\(HTML.escaped(property.name))</code>\(required.contains(property.name) ? "" : " <small>optional</small>")</td>\
            <td>\(type(property.value))</td><td>\(described(property.value["description"]))</td></tr>
            """
        }
        if rows.isEmpty { return "" }
        return "<table><tr><th>Member</th><th>Type</th><th>Meaning</th></tr>\(rows.joined(separator: "\n"))</table>"
    }

    /// What a schema is, in as few words as it takes.
    func type(_ schema: DescriptionNode) -> String {
        if let reference = schema["$ref"]?.text {
            let name = HTML.escaped(String(reference.dropFirst(Self.schemaPrefix.count)))
            return "<a href=\"#schema-\(name)\">\(name)</a>"
        }
        if let value = schema["const"] { return code(value) }
        if let values = schema["enum"]?.items { return values.map(code).joined(separator: " ") }
        if let options = schema["anyOf"]?.items { return options.map(type).joined(separator: " or ") }
        if let parts = schema["allOf"]?.items { return parts.map(type).joined(separator: " with ") }
        if let excluded = schema["not"] { return "anything but \(type(excluded))" }
        if let items = schema["items"] { return "array of \(type(items))" + limits(schema) }
        let inner = table(schema)
        if !inner.isEmpty { return inner }
        if let values = schema["additionalProperties"], !values.members.isEmpty { return "object of \(type(values))" }
        return (HTML.escaped(schema["type"]?.text ?? "anything")) + limits(schema)
    }

    private func code(_ value: DescriptionNode) -> String {
        "<code>\(HTML.escaped(value.text ?? value.readable))</code>"
    }

    private static let limits = [
        ("format", ""), ("minimum", "from "), ("maximum", "to "), ("minLength", "characters from "),
        ("maxLength", "characters to "), ("minItems", "items from "), ("maxItems", "items to "),
        ("pattern", "matching "),
        ("default", "default "),
    ]

    private func limits(_ schema: DescriptionNode) -> String {
        let words = Self.limits.compactMap { name, word in schema[name].map { word + code($0) } }
        return words.isEmpty ? "" : ", " + words.joined(separator: ", ")
    }
}
