/// Which of a loop's daemons gets the next connection: each in its turn, and one that is still to be made as long as there
/// are more connections than daemons.
///
/// A daemon costs a kilobyte and a half and two descriptors, whether it has connections or not, so that an idle gateway
/// would have two thirds of a megabyte for nobody.
struct DaemonRota {
    /// Daemons at most.
    private let most: Int
    private(set) var made = 0
    private var turn = 0

    init(most: Int) { self.most = most }

    /// Whether there should be another daemon, now that the loop has so many connections.
    func wantsAnother(for connections: Int) -> Bool { made < min(most, connections) }

    /// Takes in a daemon that was made, behind the others; the next connection is its.
    mutating func add() {
        turn = made
        made += 1
    }

    /// The place of the daemon that gets the next connection; there is one at least.
    mutating func next() -> Int {
        defer { turn = (turn + 1) % made }
        return turn
    }
}
