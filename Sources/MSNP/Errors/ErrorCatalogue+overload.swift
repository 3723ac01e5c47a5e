extension ErrorCatalogue {
    /// 707 … 800: too much, too fast, or not now.
    static let overload: [ErrorEntry] = [
        ErrorEntry(
            707, named: "ERR_CREATE_CONNECTION", "The server could not create a connection.", since: "MSNP2",
            .transient,
            advice: "Try again later.",
            disagreement: "The draft numbers it 707; some client tables say 700."),
        ErrorEntry(
            710, "The parameters of a client version report, or the language, are not acceptable.", since: "MSNP7",
            .client, laterName: "PAGING_UNAVAILABLE",
            advice: "Ask again with the language 0x0409.",
            disagreement: "Documents have it for bad version reports and languages; later clients read it as "
                + "“paging is not available”."),
        ErrorEntry(
            711, named: "ERR_BLOCKING_WRITE", "The server could not write without waiting.", since: "draft",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            712, named: "ERR_SESSION_OVERLOAD", "The session is overloaded.", since: "MSNP2",
            .transient,
            advice: "Send less at a time."),
        ErrorEntry(
            713, named: "ERR_USER_TOO_ACTIVE", "The account does too much at once: invites too often, for one.",
            since: "MSNP2",
            .transient,
            advice: "Wait some minutes before the next invitation."),
        ErrorEntry(
            714, named: "ERR_TOO_MANY_SESSIONS", "There are too many sessions.", since: "MSNP2",
            .transient,
            advice: "Close conversations, then try again."),
        ErrorEntry(
            715, named: "ERR_NOT_EXPECTED", "Not expected now: a property or a command that the server does not take.",
            since: "draft",
            .client, laterName: "MSNP_NOT_EXPECTED",
            advice: "Do without this function: the server does not offer it.",
            disagreement: "One client of the time reads it as “address not verified”; no document supports that."),
        ErrorEntry(
            717, named: "ERR_BAD_FRIEND_FILE", "The contact list is damaged on the server.", since: "draft",
            .transient,
            advice: "Try again later, and tell the people who run the server when it stays."),
        ErrorEntry(
            731, "A client version report was not expected or not acceptable.",
            .client, closes: true,
            advice: "Do not repeat the request; report it as a fault of the gateway."),
        ErrorEntry(
            800, "Changed too often: names, or pages sent.",
            .transient, laterName: "RATE_LIMIT_EXCEEDED",
            advice: "Wait a minute, then try again.",
            disagreement: "For renames it is a limit on the rate; for pages it stands for any failure."),
    ]
}
