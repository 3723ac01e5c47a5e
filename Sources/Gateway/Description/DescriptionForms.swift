import HTTPFront

/// The forms in which the API's description is served.
///
/// Each is made when somebody asks for it first: taking the description apart costs more than all the rest of a start, and
/// most gateways are never asked.
actor DescriptionForms {
    enum Form: Sendable, CaseIterable {
        case yaml
        case json
        case page
    }

    private let description: APIDescription
    private var made: [Form: Response] = [:]

    init(_ description: APIDescription) { self.description = description }

    /// A form with its entity tag; throws `Problem` when the description is not what it should be.
    func response(_ form: Form) throws(Problem) -> Response {
        if let response = made[form] { return response }
        let response = try make(form).taggedPublicly()
        made[form] = response
        return response
    }

    private func make(_ form: Form) throws(Problem) -> Response {
        switch form {
        case .yaml:
            var response = Response(status: 200, body: description.yaml)
            response.set("Content-Type", "application/yaml")
            return response
        case .json: return .json(try root().json)
        case .page: return ReferencePage(root: try root()).response
        }
    }

    private func root() throws(Problem) -> DescriptionNode {
        do {
            return try description.parse()
        } catch {
            throw Problem(.internalError, "The API's description is no YAML: \(error)")
        }
    }
}
