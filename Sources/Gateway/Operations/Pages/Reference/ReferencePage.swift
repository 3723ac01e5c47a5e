import HTTPFront

/// The API's description as a page to read, with nothing from elsewhere.
struct ReferencePage {
    let root: DescriptionNode

    /// The methods in the order in which they are shown.
    static let methods = ["get", "post", "put", "patch", "delete"]

    /// A method of a path.
    struct Operation {
        let method: String
        let path: String
        /// What holds for all methods of the path.
        let item: DescriptionNode
        let node: DescriptionNode

        var anchor: String { node["operationId"]?.text ?? "\(method)-\(path)" }
    }

    var response: Response {
        let info = root["info"] ?? .null
        let title = info["title"]?.text ?? ""
        let body = """
            <h1>\(HTML.escaped(title)) <small>\(HTML.escaped(info["version"]?.text ?? ""))</small></h1>
            \(described(info["summary"]))
            <p>For programs: <a href="\(DescriptionRoutes.yamlPath)">openapi.yaml</a>, \
            <a href="\(DescriptionRoutes.jsonPath)">openapi.json</a>. \
            <a href="/docs/problems">What each problem means and what to do</a>; \
            <a href="/v1/errors">the errors of MSN servers</a>.</p>
            <section><h2 id="conventions">Conventions</h2>
            \(described(info["description"]))</section>
            \(credentials)
            \(tags.map(section).joined(separator: "\n"))
            \(eventSection)
            \(schemaSection)
            """
        return HTML.documentation(
            title: "API · \(title)", path: DescriptionRoutes.pagePath, side: contents, body: body)
    }

    // MARK: - The frame

    private var tags: [DescriptionNode] { root["tags"]?.items ?? [] }

    private func operations(of tag: DescriptionNode) -> [Operation] {
        (root["paths"]?.members ?? []).flatMap { path in
            Self.methods.compactMap { method in
                path.value[method].map { Operation(method: method, path: path.name, item: path.value, node: $0) }
            }
        }.filter { $0.node["tags"]?.items.first == tag["name"] }
    }

    /// The way through the page, by what each thing does, with how it is called.
    private var contents: String {
        let parts = tags.map { tag in
            let lines = operations(of: tag).map { operation in
                """
                <li><a href="#\(HTML.escaped(operation.anchor))">\(HTML.withCode(operation.node["summary"]?.text ?? "")) \
                <code>\(operation.method.uppercased()) \(HTML.escaped(operation.path))</code></a></li>
                """
            }
            let name = HTML.escaped(tag["name"]?.text ?? "")
            return "<li><a href=\"#tag-\(name)\">\(name)</a><ul>\(lines.joined(separator: "\n"))</ul></li>"
        }
        func list(_ anchor: String, _ title: String, _ names: [String], _ prefix: String) -> String {
            let lines = names.map { name in
                let name = HTML.escaped(name)
                return "<li><a href=\"#\(prefix)\(name)\"><code>\(name)</code></a></li>"
            }
            return "<li><a href=\"#\(anchor)\">\(title)</a><ul>\(lines.joined(separator: "\n"))</ul></li>"
        }
        return """
            <ul>
            <li><a href="#conventions">Conventions</a></li>
            <li><a href="#credentials">Credentials</a></li>
            \(parts.joined(separator: "\n"))
            \(list("event-types", "Event types", events.map(\.name), "event-"))
            \(list("schemas", "Schemas", schemas.map(\.name), "schema-"))
            </ul>
            """
    }

    private var credentials: String {
        let schemes = (root["components"]?["securitySchemes"]?.members ?? []).map { scheme in
            """
            <h3 id="credentials-\(HTML.escaped(scheme.name))"><code>\(HTML.escaped(scheme.name))</code></h3>
            <p><code>Authorization: Bearer \(HTML.escaped(scheme.value["bearerFormat"]?.text ?? "…"))</code></p>
            \(described(scheme.value["description"]))
            """
        }
        return "<section><h2 id=\"credentials\">Credentials</h2>\(schemes.joined(separator: "\n"))</section>"
    }

    private func section(_ tag: DescriptionNode) -> String {
        let name = HTML.escaped(tag["name"]?.text ?? "")
        return """
            <section><h2 id="tag-\(name)">\(name)</h2>
            \(described(tag["description"]))
            \(operations(of: tag).map(article).joined(separator: "\n"))
            </section>
            """
    }

    // MARK: - What all parts use

    func described(_ node: DescriptionNode?) -> String { node?.text.map(Markdown.html) ?? "" }

    /// What a node stands for, if it is a reference.
    func resolved(_ node: DescriptionNode) -> DescriptionNode {
        var node = node
        // A reference to a reference is as far as anybody goes; a circle must not hang.
        for _ in 0..<4 {
            guard let reference = node["$ref"]?.text, let target = root.target(of: reference) else { break }
            node = target
        }
        return node
    }

    /// The examples of a media type, folded up.
    func examples(_ node: DescriptionNode) -> String {
        var parts: [(title: String, value: DescriptionNode)] = []
        if let example = node["example"] { parts.append(("Example", example)) }
        for member in node["examples"]?.members ?? [] {
            let example = resolved(member.value)
            let summary = example["summary"]?.text.map { ": " + $0 } ?? ""
            parts.append(("Example \(member.name)\(summary)", example["value"] ?? .null))
        }
        return parts.map { part in
            let text = part.value.text ?? part.value.readable
            return "<details><summary>\(HTML.withCode(part.title))</summary><pre>\(HTML.escaped(text))</pre></details>"
        }.joined(separator: "\n")
    }
}
