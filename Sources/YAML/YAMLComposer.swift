import ByteText

/// Puts a document together from libyaml's events.
struct YAMLComposer: ~Copyable {
    /// Parts within each other: a document of people has ten, and each takes room on the stack.
    static let deepest = 100

    private var parser: YAMLParser
    /// What the names of aliases stand for; a later anchor takes the name over (YAML 1.2, 7.1).
    private var anchors: [ByteText: YAMLNode] = [:]

    init(_ text: String) { parser = YAMLParser(text) }

    /// The one document of a text; nil where there is none.
    mutating func document() throws(YAMLError) -> YAMLNode? {
        _ = try parser.next()
        guard try parser.next().kind == .documentStart else { return nil }
        let root = try node(try parser.next(), depth: 0)
        // The end of the document.
        _ = try parser.next()
        let end = try parser.next()
        guard end.kind == .streamEnd else { throw .malformed("but found another document", line: end.line) }
        return root
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        guard depth <= Self.deepest else { throw .malformed("nested too deeply", line: event.line) }
        switch event.kind {
        case .scalar(let text, let isPlain, let anchor):
            return made(.scalar(text, isPlain: isPlain), event, anchor)
        case .listStart(let anchor): return made(.list(try items(depth: depth + 1)), event, anchor)
        case .mappingStart(let anchor): return made(.mapping(try members(depth: depth + 1)), event, anchor)
        case .alias(let name):
            guard let node = anchors[ByteText(name)] else {
                throw .malformed("found undefined alias", line: event.line)
            }
            return node
        // None of these can stand where a node has to.
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .listEnd, .mappingEnd:
            throw .malformed("not YAML", line: event.line)
        }
    }

    /// Known by its anchor only once it is whole, so that nothing holds itself.
    private mutating func made(_ content: YAMLNode.Content, _ event: YAMLEvent, _ anchor: String?) -> YAMLNode {
        let node = YAMLNode(content: content, line: event.line)
        if let anchor { anchors[ByteText(anchor)] = node }
        return node
    }

    private mutating func items(depth: Int) throws(YAMLError) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try parser.next()
            if event.kind == .listEnd { return items }
            items.append(try node(event, depth: depth))
        }
    }

    private mutating func members(depth: Int) throws(YAMLError) -> [YAMLMember] {
        var members: [YAMLMember] = []
        while true {
            let event = try parser.next()
            if event.kind == .mappingEnd { break }
            let key = try node(event, depth: depth)
            members.append(YAMLMember(key: key, value: try node(try parser.next(), depth: depth)))
        }
        try checkKeys(of: members)
        return members
    }

    /// Which of two values of a key counts would be anybody's guess.
    private func checkKeys(of members: [YAMLMember]) throws(YAMLError) {
        let keys = members.map(\.key).filter { $0.text != nil }
        let doubled = Dictionary(grouping: keys) { ByteText($0.text ?? "") }.filter { $1.count > 1 }
            .sorted { $0.key < $1.key }
        guard let line = doubled.first?.value.first?.line else { return }
        throw .doubledKeys(doubled.map(\.key.text), line: line)
    }
}
