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
