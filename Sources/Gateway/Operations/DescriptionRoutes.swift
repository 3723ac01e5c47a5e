import HTTPFront

/// The API's description, and a page to read it.
struct DescriptionRoutes: Sendable {
    let forms: DescriptionForms

    init(_ description: APIDescription) {
        forms = DescriptionForms(description)
    }

    var routes: [Route] {
        [
            Route(
                Self.yamlPath,
                [
                    "GET": Endpoint(access: .everyone, produces: ["application/yaml"]) { _ throws(Problem) in
                        answer(.yaml)
                    }
                ]),
            Route(Self.jsonPath, ["GET": Endpoint(access: .everyone) { _ throws(Problem) in answer(.json) }]),
            Route(
                Self.pagePath,
                [
                    "GET": Endpoint(access: .everyone, produces: ["text/html"]) { _ throws(Problem) in answer(.page) }
                ]),
        ]
    }

    static let yamlPath = "/openapi.yaml"
    static let jsonPath = "/openapi.json"
    static let pagePath = "/docs"

    private func answer(_ form: DescriptionForms.Form) -> Answer {
        if let response = forms.ready(form) { return .now(response) }
        return .later { [forms] () async throws(Problem) in try await forms.response(form) }
    }
}
