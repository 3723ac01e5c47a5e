import MSNP

/// The accounts that a sandbox starts with.
struct Population {
    /// The password of every account.
    static let password = "sandbox"

    private(set) var accounts: [Account] = []
    private(set) var directory: [HandleKey: AccountID] = [:]
    private(set) var robot: AccountID

    init(_ configuration: Configuration) {
        robot = AccountID(index: 0)
        robot = add("echo", "Echo", .robot)
        accounts[robot.index].presence = .online
        // Somebody has to take pages: `MBE` is the server's to set (docs/protocol.md#phones), so that no client's user can.
        accounts[robot.index].phones[.mobile] = "15550100"
        accounts[robot.index].phones[.mobileEnabled] = "Y"
        accounts[robot.index].phones[.mobileMessaging] = "Y"
        let friends = [add("alice", "Alice"), add("bob", "Bob"), add("carol", "Carol")]
        accounts[friends[0].index].unread = 2
        befriend(friends + [robot])
        let dave = add("dave", "Dave")
        put(friends[0], on: dave, .forward)
        put(dave, on: friends[0], .reverse)
        add("erin", "Erin")
        add("uma", "uma@example.com (E-Mail Address Not Verified)", .unverified)
        add("kid", "Kid", .childWithoutConsent)
        add("nora", "Nora", .unverifiedAndRefused)
        addExtra(configuration)
    }

    @discardableResult
    private mutating func add(
        _ local: String, _ name: String, _ standing: Standing = .good
    ) -> AccountID {
        let id = AccountID(index: accounts.count)
        let handle = "\(local)@example.com"
        accounts.append(
            Account(
                handle: handle, standing: standing, password: Self.password,
                memberID: MemberID(account: id.index), name: name))
        directory[HandleKey(handle)] = id
        return id
    }

    private mutating func addExtra(_ configuration: Configuration) {
        var group: [AccountID] = []
        for number in 0..<configuration.extraAccounts {
            let digits = String(number + 1)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            group.append(add("user\(padded)", "User \(padded)"))
            if group.count > configuration.contactsOfExtraAccounts {
                befriend(group)
                group = []
            }
        }
        befriend(group)
    }

    /// Makes each the mutual contact of all others: forward, allow and reverse.
    private mutating func befriend(_ people: [AccountID]) {
        for owner in people {
            for other in people where other != owner {
                put(other, on: owner, .forward)
                put(other, on: owner, .allow)
                put(other, on: owner, .reverse)
            }
        }
    }

    private mutating func put(_ member: AccountID, on owner: AccountID, _ list: ListName) {
        accounts[owner.index].lists.insert(member, into: list, name: accounts[member.index].name)
    }
}

/// What the service thinks of an account (docs/protocol.md#verified, #923-924).
package enum Standing: Sendable {
    case good
    /// Signs in with verified bit 0 and a name that the service forces on it.
    case unverified
    /// A child's account without consent: 923.
    case childWithoutConsent
    /// Has to verify its address before it may sign in: 924.
    case unverifiedAndRefused
    /// No person: always signed in without a connection, and accepts everybody.
    case robot
}
