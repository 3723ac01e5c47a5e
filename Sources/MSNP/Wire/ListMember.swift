package import ByteText

/// A person on a list: the handle as the server spells it, and the stored friendly name.
package struct ListMember: Equatable, Sendable {
    @Bytewise package var handle: String
    @Bytewise package var name: String

    package init(handle: String, name: String) {
        self.handle = handle
        self.name = name
    }
}

extension ListMember {
    /// On the wire.
    ///
    /// Parsing decodes handles, so a percent sign in one has to be encoded; all other handles stay as they are.
    var parameters: [String] { [PercentEncoding.encode(handle), PercentEncoding.encode(name)] }
}
