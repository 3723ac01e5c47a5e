/// A part of a YAML document, and the line where it begins.
package struct YAMLNode: Equatable, Sendable {
    /// What a part of a document is.
    package enum Content: Equatable, Sendable {
        /// A text as it is meant, without quotes and escapes.
        ///
        /// Only a plain one, which was written without quotes, may mean something other than a text: a number, nothing.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        /// In the order in which it was written; no text is the key of two.
        case mapping([YAMLMember])
    }

    package let content: Content
    /// Counts from 1; an alias has the line of what it stands for.
    package let line: Int

    /// Reads a text that has one document; nil where it has none, and throws `YAMLError` where it has two.
    package static func parse(_ text: String) throws(YAMLError) -> YAMLNode? {
        var composer = YAMLComposer(text)
        return try composer.document()
    }

    /// The text of a scalar; nil for anything else.
    package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// The items of a list; nil for anything else.
    package var items: [YAMLNode]? { if case .list(let items) = content { items } else { nil } }

    /// The members of a mapping; nil for anything else.
    package var members: [YAMLMember]? { if case .mapping(let members) = content { members } else { nil } }

    /// Whether it is one of the ways to write nothing (YAML 1.2, 10.2.1.1).
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}

/// A key of a mapping and its value.
package struct YAMLMember: Equatable, Sendable {
    /// Most often a scalar, but YAML takes anything.
    package let key: YAMLNode
    package let value: YAMLNode
}

/// Why a text is no YAML document; lines count from 1.
package enum YAMLError: Error, Equatable, Sendable {
    /// In libyaml's words; no line where libyaml does not say which.
    case malformed(String, line: Int?)
    /// Keys that one mapping has twice, and the line of the first (YAML 1.2, 3.2.1.3).
    case doubledKeys([String], line: Int)
}
