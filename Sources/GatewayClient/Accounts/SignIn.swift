/// Who wants to sign in, and how; its description shows no password.
public struct SignIn: Sendable {
    /// `name@domain`.
    public var account: String
    /// 1 to 1,024 bytes of UTF-8.
    public var password: String
    /// One that `Entry.backends` names; nil for the default one.
    public var backend: String?
    /// With which to come online; nil for `online`.
    public var status: PresenceStatus?
    /// The name to take; nil to keep the one that there is.
    public var displayName: String?
    /// Whether a session without an API key that nobody uses stays for 30 days instead of 15 minutes.
    public var keep = false

    public init(_ account: String, password: String) {
        self.account = account
        self.password = password
    }

    /// The body of the call.
    var body: [UInt8] {
        var members: [String: JSONValue] = ["account": .string(account), "password": .string(password)]
        members["backend"] = backend.map(JSONValue.string)
        members["status"] = status.map { .string($0.rawValue) }
        members["displayName"] = displayName.map(JSONValue.string)
        if keep { members["keep"] = true }
        return JSONValue.object(members).bytes
    }
}

extension SignIn: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says what kind of thing it is, and no more.
    public var description: String { "SignIn(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
