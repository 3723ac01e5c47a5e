extension Transcript {
    /// Those in the language of notification servers.
    static let typed =
        synchronisationSection + editingSection + presenceSection + payloadsSection + signInSection + sessionsSection

    static let all = typed + outreachSection + switchboardSection

    /// Lines that say the same in another form than ours, and why.
    static let differently: [String: String] = [
        "USR 4 OK alice@example.com Zoë 1": "raw UTF-8 in a name; we encode all of it",
        "ADD 0 RL 10 frank@example.com Frank%20%26%20Co": "an escaped &; we leave it",
        "ADD 20 AL 11 frank@example.com Frank%20%26%20Co": "an escaped &; we leave it",
        "ADD 20 AL frank@example.com Frank%20%26%20Co": "an escaped &; we leave it",
        "CVQ 2 5.0.0537 5.0.0537 1.0.0863 http://download.example.com/setupdl.exe http://messenger.example.com":
            "the answers to CVR and CVQ are one command; we call it CVR",
    ]
}
