private import CYAML

/// The library itself.
package enum LibYAML {
    /// Of the library that is loaded, as `0.2.5`.
    package static var version: String {
        // The text is the library's own and there for ever.
        unsafe yaml_get_version_string().map { unsafe String(cString: $0) } ?? "unknown"
    }
}
