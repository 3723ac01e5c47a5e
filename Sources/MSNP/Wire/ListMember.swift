package import ByteText

/// Somebody on a list: the handle as the server spells it and the stored friendly name.
package struct ListMember: Equatable, Sendable {
    @Bytewise package var handle: String
    @Bytewise package var name: String

    package init(handle: String, name: String) {
        self.handle = handle
        self.name = name
    }
}
