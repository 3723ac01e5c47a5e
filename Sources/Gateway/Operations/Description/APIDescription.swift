/// The API's description as it was written (`api-spec/openapi.yaml`), and a way to take it apart.
package struct APIDescription: Sendable {
    let yaml: [UInt8]
    /// Throws when it is no YAML.
    let parse: @Sendable () throws -> DescriptionNode

    package init(yaml: [UInt8], parse: @escaping @Sendable () throws -> DescriptionNode) {
        self.yaml = yaml
        self.parse = parse
    }
}
