import COpenAPI
package import Gateway
import YAML

extension APIDescription {
    /// The one that the program was built with, so that a program and what describes it never part.
    package static var embedded: APIDescription {
        var count = 0
        // Constant, in the program itself, and of that size.
        let bytes = unsafe Array(UnsafeBufferPointer(start: msnp_gateway_openapi(&count), count: count))
        return APIDescription(yaml: bytes) {
            DescriptionNode(try YAMLNode.parse(String(decoding: bytes, as: UTF8.self)))
        }
    }
}
