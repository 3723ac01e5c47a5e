import HTTPFront

/// The API's description, and a page to read it.
struct DescriptionRoutes: Sendable {
    /// Nil in a gateway that was not given one.
    let forms: DescriptionForms?

    init(_ configuration: GatewayConfiguration) {
        forms = configuration.description.map { DescriptionForms($0) }
    }

    var routes: [Route] {
        [
            Route(
                Self.yamlPath,
                [
                    "GET": Endpoint(access: .everyone, produces: ["application/yaml"]) { _ throws(Problem) in
                        try answer(.yaml)
                    }
                ]),
            Route(Self.jsonPath, ["GET": Endpoint(access: .everyone) { _ throws(Problem) in try answer(.json) }]),
            Route(
                Self.pagePath,
                [
                    "GET": Endpoint(access: .everyone, produces: ["text/html"]) { _ throws(Problem) in
                        try answer(.page)
                    }
                ]),
        ]
    }

    static let yamlPath = "/openapi.yaml"
    static let jsonPath = "/openapi.json"
    static let pagePath = "/docs"

    private func answer(_ form: DescriptionForms.Form) throws(Problem) -> Outcome {
        guard let forms else { throw Problem(.notFound, "This gateway was built without the API's description.") }
        return .later { () async throws(Problem) in try await forms.response(form) }
    }
}
