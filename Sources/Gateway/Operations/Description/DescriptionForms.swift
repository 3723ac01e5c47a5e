import HTTPFront
import Locking

/// The forms in which the API's description is served.
///
/// Each is made when somebody asks for it first: taking the description apart costs more than all the rest of a start, and
/// most gateways are never asked. All answers share its bytes.
final class DescriptionForms: Sendable {
    enum Form: Sendable, CaseIterable {
        case yaml
        case json
        case page
    }

    /// Makes one form at a time, so that whoever comes meanwhile waits for it instead of making it once more.
    private actor Maker {
        private let description: APIDescription

        init(_ description: APIDescription) { self.description = description }

        func response(_ form: Form, _ forms: DescriptionForms) throws(Problem) -> Response {
            if let response = forms.ready(form) { return response }
            let response = try make(form).taggedPublicly()
            forms.made.withLock { $0[form] = response }
            return response
        }

        private func make(_ form: Form) throws(Problem) -> Response {
            switch form {
            case .yaml:
                var response = Response(status: 200, body: description.yaml())
                response.set("Content-Type", "application/yaml")
                return response
            case .json: return .json(try root())
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

    private let maker: Maker
    private let made = Locked<[Form: Response]>([:])

    init(_ description: APIDescription) { maker = Maker(description) }

    /// A form that somebody has asked for before, with its entity tag.
    func ready(_ form: Form) -> Response? { made.withLock { $0[form] } }

    /// A form with its entity tag; throws `Problem` when the description is not what it should be.
    func response(_ form: Form) async throws(Problem) -> Response { try await maker.response(form, self) }
}

/// The API's description as it was written (`api-spec/openapi.yaml`), and a way to take it apart.
package struct APIDescription: Sendable {
    /// Its bytes, which are some 300 kB and are wanted only where somebody asks for it.
    let yaml: @Sendable () -> [UInt8]
    /// Throws when it is no YAML.
    let parse: @Sendable () throws -> DescriptionNode

    package init(yaml: @escaping @Sendable () -> [UInt8], parse: @escaping @Sendable () throws -> DescriptionNode) {
        self.yaml = yaml
        self.parse = parse
    }
}
