/// What is wrong with the members of a body: a few faults by name, and the number of the rest.
///
/// An answer does not grow with what was sent: whoever sends a hundred thousand wrong members hears of some.
struct MemberFaults: Sendable, Equatable {
    /// Faults that are named: more than any request of the API has members, so that honest mistakes are all there.
    static let most = 20

    private(set) var named: [Problem.MemberError] = []
    /// How many more there are.
    private(set) var more = 0

    var isEmpty: Bool { named.isEmpty }

    mutating func add(_ place: JSONPointer, _ detail: String) {
        add(Problem.MemberError(pointer: place.text, detail: detail))
    }

    /// Adds those of a part of the body.
    mutating func add(_ others: MemberFaults) {
        for fault in others.named { add(fault) }
        more += others.more
    }

    mutating func add(_ fault: Problem.MemberError) {
        guard named.count < Self.most else {
            more += 1
            return
        }
        named.append(fault)
    }
}

extension Problem {
    /// The refusal of a body for its members.
    init(_ faults: MemberFaults) {
        self.init(.invalidRequest, "The body has members that are not valid.")
        errors = faults.named
        moreErrors = faults.more
    }
}
