extension ReferencePage {
    func article(_ operation: Operation) -> String {
        """
        <article class="call" data-method="\(operation.method)" data-path="\(HTML.escaped(operation.path))">
        <h3 id="\(HTML.escaped(operation.anchor))">\(HTML.withCode(operation.node["summary"]?.text ?? ""))</h3>
        <p class="call-line"><code><span class="method \(operation.method)">\(operation.method.uppercased())</span> \
        \(HTML.escaped(operation.path))</code></p>
        \(described(operation.node["description"]))
        \(access(operation))
        \(parameters(operation))
        \(requestBody(operation))
        \(answers(operation))
        </article>
        """
    }

    private func access(_ operation: Operation) -> String {
        let choices = (operation.node["security"] ?? root["security"])?.items ?? []
        if choices.isEmpty { return "<p>Public.</p>" }
        let words = choices.map { choice in
            choice.members.first.map { member in
                let name = HTML.escaped(member.name)
                return "<a href=\"#credentials-\(name)\"><code>\(name)</code></a>"
            } ?? "none, where signing in is open"
        }
        return "<p>Credentials: \(words.joined(separator: " or ")).</p>"
    }

    /// A header that every call takes, of which the conventions tell.
    private static let everywhere = "X-Request-Id"

    private func parameters(_ operation: Operation) -> String {
        let all = ((operation.item["parameters"]?.items ?? []) + (operation.node["parameters"]?.items ?? []))
            .map(resolved).filter { $0["name"]?.text != Self.everywhere }
        if all.isEmpty { return "" }
        let rows = all.map { parameter in
            """
            <tr><td><code>\(HTML.escaped(parameter["name"]?.text ?? ""))</code> \
            <small>\(HTML.escaped(parameter["in"]?.text ?? ""))\(parameter["required"]?.isTrue == true ? ", required" : "")</small></td>\
            <td>\(type(parameter["schema"] ?? .null))</td>\
            <td>\(described(parameter["description"]))\(inlineExamples(parameter))</td></tr>
            """
        }
        return """
            <h4>Parameters</h4>
            <table><tr><th>Name</th><th>Type</th><th>Meaning</th></tr>
            \(rows.joined(separator: "\n"))</table>
            """
    }

    private func inlineExamples(_ parameter: DescriptionNode) -> String {
        let values =
            [parameter["example"]].compactMap(\.self)
            + (parameter["examples"]?.members ?? []).compactMap { resolved($0.value)["value"] }
        if values.isEmpty { return "" }
        let words = values.map { value in
            // A list is sent with commas.
            let text =
                value.items.isEmpty
                ? value.text ?? value.readable : value.items.compactMap(\.text).joined(separator: ",")
            return "<code>\(HTML.escaped(text))</code>"
        }
        return "<p>For example \(words.joined(separator: ", "))</p>"
    }

    private func requestBody(_ operation: Operation) -> String {
        guard let body = operation.node["requestBody"].map(resolved) else { return "" }
        let forms = (body["content"]?.members ?? []).map { content in
            "<p><code>\(HTML.escaped(content.name))</code>: \(type(content.value["schema"] ?? .null))</p>"
                + examples(content.value)
        }
        return """
            <h4>Body\(body["required"]?.isTrue == true ? "" : ", may be absent")</h4>
            \(described(body["description"]))
            \(forms.joined(separator: "\n"))
            """
    }

    /// What comes when it works in full, and what can go wrong folded up.
    private func answers(_ operation: Operation) -> String {
        let all = operation.node["responses"]?.members ?? []
        let good = all.filter { $0.name.hasPrefix("2") || $0.name.hasPrefix("3") }
        let bad = all.filter { !$0.name.hasPrefix("2") && !$0.name.hasPrefix("3") }
        let statuses = bad.map { "<code>\(HTML.escaped($0.name))</code>" }.joined(separator: " ")
        let problems =
            bad.isEmpty
            ? ""
            : "<details class=\"problems\"><summary>What can go wrong: \(statuses)</summary>\(table(bad))</details>"
        return "<h4>Answers</h4>\(table(good))\(problems)"
    }

    private func table(_ answers: [DescriptionNode.Member]) -> String {
        let rows = answers.map { answer in
            let node = resolved(answer.value)
            let codes = (node["x-problem-codes"]?.items ?? []).compactMap(\.text).map { code in
                "<a href=\"/docs/problems#\(HTML.escaped(code))\"><code>\(HTML.escaped(code))</code></a>"
            }
            let forms = (node["content"]?.members ?? []).map { content in
                "<p><code>\(HTML.escaped(content.name))</code>: \(type(content.value["schema"] ?? .null))</p>"
                    + examples(content.value)
            }
            return """
                <tr><td><code>\(HTML.escaped(answer.name))</code></td><td>\(described(node["description"]))\
                \(codes.isEmpty ? "" : "<p>\(codes.joined(separator: " "))</p>")\(headers(node))\
                \(forms.joined(separator: "\n"))</td></tr>
                """
        }
        return """
            <table><tr><th>Status</th><th>Meaning</th></tr>
            \(rows.joined(separator: "\n"))</table>
            """
    }

    private func headers(_ answer: DescriptionNode) -> String {
        let all = (answer["headers"]?.members ?? []).map { header in
            let node = resolved(header.value)
            let always = node["required"]?.isTrue == true ? "" : " (not always)"
            let meaning = HTML.withCode(node["description"]?.text ?? "")
            return "<li><code>\(HTML.escaped(header.name))</code>\(always): \(meaning)</li>"
        }
        return all.isEmpty ? "" : "<details><summary>Headers</summary><ul>\(all.joined())</ul></details>"
    }
}
