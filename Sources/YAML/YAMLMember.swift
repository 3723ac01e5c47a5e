/// A key of a mapping and its value.
package struct YAMLMember: Equatable, Sendable {
    /// Most often a scalar, but YAML takes anything.
    package let key: YAMLNode
    package let value: YAMLNode
}
