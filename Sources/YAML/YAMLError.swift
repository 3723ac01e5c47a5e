/// Why a text is no YAML document; lines count from 1.
package enum YAMLError: Error, Equatable, Sendable {
    /// In libyaml's words; no line where libyaml does not say which.
    case malformed(String, line: Int?)
    /// Keys that one mapping has twice, and the line of the first (YAML 1.2, 3.2.1.3).
    case doubledKeys([String], line: Int)
}
