private import CYAML

/// One run of libyaml's parser over a text.
///
/// Safe although it stores pointers: only this type sees them, they are valid from `init` to `deinit`, and because the type
/// can't be copied it has one user at a time and is freed once.
@safe struct YAMLParser: ~Copyable {
    // The parser holds its own address and that of its input, so that neither may move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// At the beginning of a text.
    init(_ text: String) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        // Fills the whole structure; fails only where there is no memory, which ends the process everywhere else too.
        guard unsafe yaml_parser_initialize(parser) == 1 else { fatalError("libyaml has no memory for a parser") }
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        // The text has as many bytes as there is room for.
        _ = unsafe input.initialize(from: text.utf8)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
        unsafe self.parser = parser
        unsafe self.input = input
    }

    /// The next step; throws `YAMLError` where the text is no YAML, after which there is none.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        // Fills the event with memory of its own, which is copied and given back below.
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw error }
        // Frees what the event holds, once.
        defer { unsafe yaml_event_delete(&event) }
        return YAMLEvent(kind: unsafe Self.kind(event), line: unsafe Int(event.start_mark.line) + 1)
    }

    /// What libyaml says of the step that failed.
    private var error: YAMLError {
        // A constant of the library, or nil.
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "not YAML"
        let kind = unsafe parser.pointee.error
        let line = unsafe Int(parser.pointee.problem_mark.line) + 1
        // For other kinds libyaml leaves the line as it was.
        return .malformed(problem, line: [YAML_SCANNER_ERROR, YAML_PARSER_ERROR].contains(kind) ? line : nil)
    }

    /// Copies what an event holds: the member of the union that its type names is the one that was filled.
    private static func kind(_ event: yaml_event_t) -> YAMLEvent.Kind {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(unsafe name(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            // A text may hold zeros, so that its length counts; libyaml gives UTF-8.
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                unsafe String(decoding: bytes, as: UTF8.self), isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE,
                anchor: unsafe name(scalar.anchor))
        case YAML_SEQUENCE_START_EVENT: return .listStart(anchor: unsafe name(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart(anchor: unsafe name(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        // Once the stream has ended libyaml gives events of no type.
        default: return .streamEnd
        }
    }

    /// A copy of a text that ends with a zero; nil where there is none.
    private static func name(_ bytes: UnsafeMutablePointer<UInt8>?) -> String? {
        unsafe bytes.map { unsafe String(cString: $0) }
    }

    // The one owner frees, once; the input last, as the parser points to it.
    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }
}

/// A step through a YAML text, as libyaml takes it.
struct YAMLEvent: Equatable {
    /// What there is at this step; an `anchor` is the name that aliases may call it by.
    enum Kind: Equatable {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool, anchor: String?)
        case listStart(anchor: String?)
        case listEnd
        case mappingStart(anchor: String?)
        case mappingEnd
    }

    let kind: Kind
    /// Counts from 1.
    let line: Int
}
