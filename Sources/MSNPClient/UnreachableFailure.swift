package import MSNP

/// An `UnreachableReason` on its way up.
package struct UnreachableFailure: Error, Equatable, Sendable {
    package let reason: UnreachableReason
}
