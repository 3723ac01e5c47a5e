import HTTPFront

/// What each problem code means and what to do: where `type` of a problem document points.
enum ProblemsPage {
    static let response = HTML.documentation(
        title: "Problems · msnp-gateway", path: "/docs/problems",
        side: "<ul>"
            + ProblemCode.allCases.map { "<li><a href=\"#\($0.rawValue)\"><code>\($0.rawValue)</code></a></li>" }
            .joined(separator: "\n") + "</ul>",
        body: "<h1>Problems</h1><p>Errors are problem documents (RFC 9457). A program decides by <code>code</code>.</p>"
            + ProblemCode.allCases.map { code in
                """
                <h2 id="\(code.rawValue)">\(HTML.escaped(code.title)) <small><code>\(code.rawValue)</code> \
                \(code.status)</small></h2>
                <p>\(HTML.withCode(code.advice))</p>
                """
            }.joined(separator: "\n")
    ).taggedPublicly()

    static let route = Route(
        "/docs/problems",
        [
            "GET": Endpoint(access: .everyone, produces: ["text/html"]) { _ throws(Problem) in .now(response) }
        ])
}
