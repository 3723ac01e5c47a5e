extension ErrorCatalogue {
    /// 500 … 606: the server is in trouble, or does not do that any more.
    static let serverTrouble: [ErrorEntry] = [
        ErrorEntry(
            500, named: "ERR_INTERNAL_SERVER", "Something failed inside the server.", since: "MSNP2; again from MSNP4",
            .transient, closes: true, laterName: "INTERNAL_SERVER_ERROR",
            advice: "Try again later.",
            disagreement: "Revived servers send it during maintenance and close; folklore has it for banned "
                + "accounts too, which no document confirms."),
        ErrorEntry(
            501, named: "ERR_DB_SERVER", "The server's database failed.", since: "draft",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            502, "The command is switched off, as the directory search is since 2003.", since: "MSNP7",
            .user,
            advice: "Do without this function: the server no longer offers it.",
            disagreement: "Listed as new in the MSNP7 client, while servers answer older dialects with it too."),
        ErrorEntry(
            503, "The parameters of an e-mail invitation are not acceptable.", since: "MSNP2",
            .client, closes: true, laterName: "E_FAIL",
            advice: "Do not repeat the invitation; the session reconnects by itself.",
            disagreement: "The draft lacks it; it is also documented as an answer to searches."),
        ErrorEntry(
            510, named: "ERR_FILE_OPERATION", "A file operation failed on the server.", since: "MSNP2",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            511, "The account is banned.",
            .loginFatal,
            advice: "Ask the people who run the server about the account.",
            disagreement: "One source says banned; another calls the meaning unknown."),
        ErrorEntry(
            520, named: "ERR_MEMORY_ALLOC", "The server is out of memory.", since: "MSNP2",
            .transient, laterName: "INTERNAL_SERVER_ERROR",
            advice: "Try again later."),
        ErrorEntry(
            540, "The answer to the server's challenge was wrong.", since: "MSNP6",
            .client, closes: true, laterName: "LOCKANDKEY_FAILED",
            advice: "Check the backend's client ID and key; signing in again alone does not help."),
        ErrorEntry(
            600, named: "ERR_SERVER_BUSY", "The server is busy.", since: "MSNP2",
            .transient, laterName: "SERVER_TOO_BUSY",
            advice: "Try again later."),
        ErrorEntry(
            601, named: "ERR_SERVER_UNAVAILABLE", "The server is not available.", since: "MSNP2",
            .transient, laterName: "SERVER_UNAVAILABLE",
            advice: "Try again later."),
        ErrorEntry(
            602, named: "ERR_PEER_NS_DOWN", "Another notification server is down.",
            since: "draft; in clients from MSNP7",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            603, named: "ERR_DB_CONNECT", "The server has no connection to its database.",
            since: "draft; in clients from MSNP7",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            604, named: "ERR_SERVER_GOING_DOWN", "The server is going down.", since: "draft", removedIn: "client 2.0",
            .transient,
            advice: "Try again in some minutes."),
        ErrorEntry(
            605, "The server is not available.",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            606, "Paging is not available.",
            .user, laterName: "PAGING_UNAVAILABLE",
            advice: "Send an instant message instead."),
    ]
}
