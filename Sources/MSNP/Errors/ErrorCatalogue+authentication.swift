extension ErrorCatalogue {
    /// 910 … 931: signing in.
    static let authentication: [ErrorEntry] = [
        ErrorEntry(
            910, "The server is too busy to authenticate.",
            .transient, laterName: "SERVER_TOO_BUSY",
            advice: "Try again later."),
        ErrorEntry(
            911, named: "ERR_AUTHENTICATION_FAILED", "Account and password do not match.",
            since: "MSNP2; again from MSNP7", removedIn: "client 3.0",
            .loginFatal, closes: true, laterName: "MSNP_911",
            advice: "Check the account, capitals included, and the password; do not repeat the same ones.",
            disagreement: "The tables drop it from the clients of MSNP5 and MSNP6, which nevertheless cannot do "
                + "without it; every server sends it."),
        ErrorEntry(
            912, "The server is too busy.", since: "MSNP2",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            913, named: "ERR_NOT_ALLOWED_WHEN_OFFLINE", "Not allowed while hidden or offline.", since: "draft",
            .user, laterName: "MSNP_NOT_ALLOWED_WHEN_OFFLINE",
            advice: "Set a visible status first."),
        ErrorEntry(
            914, "The server is not available.", since: "MSNP2",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            915, "The server is not available.", since: "MSNP6",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            916, "The server is not available.", since: "MSNP6",
            .transient,
            advice: "Try again later."),
        ErrorEntry(
            917, "The account's domain is not accepted.",
            .loginFatal, closes: true, laterName: "INVALID_DOMAIN",
            advice: "Correct the account; the same one is refused again.",
            disagreement: "One source says the domain is not acceptable, another plainly that authentication failed."),
        ErrorEntry(
            918, "The server is too busy.", since: "MSNP2",
            .transient, laterName: "INTERNAL_SERVER_ERROR",
            advice: "Try again later."),
        ErrorEntry(
            919, "The server is too busy.", since: "MSNP2", removedIn: "MSNP6",
            .transient, laterName: "INTERNAL_SERVER_ERROR",
            advice: "Try again later.",
            disagreement: "The tables drop it from the MSNP6 client, while the later result names have it again."),
        ErrorEntry(
            920, named: "ERR_NOT_ACCEPTING_NEW_USERS", "The server takes no new users at the moment.", since: "MSNP2",
            .transient, laterName: "NOT_ALLOWING_NEW_USERS",
            advice: "Try again in some minutes."),
        ErrorEntry(
            921, "The server is too busy to authenticate.", since: "MSNP7",
            .transient, laterName: "SERVER_TOO_BUSY",
            advice: "Try again later.",
            disagreement: "One client library reads it as “timed out”."),
        ErrorEntry(
            922, "The server is too busy.", since: "MSNP5",
            .transient, laterName: "SERVER_TOO_BUSY",
            advice: "Try again later."),
        ErrorEntry(
            923, "A child's account has no permission of a parent.", since: "MSNP4 (client 2.2)",
            .loginFatal, closes: true, laterName: "CHILD_WITHOUT_CONSENT",
            advice: "A parent has to give permission at the account's service; retrying does not help.",
            disagreement: "The per-version tables miss it everywhere, yet client 2.2.1053 (MSNP4) already answers "
                + "it with a dialog that a Kids Passport account has no permission; its result name dates from the "
                + "same client."),
        ErrorEntry(
            924, "The account's e-mail address is not verified, and sign-in was refused.", since: "MSNP5 (client 3.0)",
            .loginFatal, closes: true, laterName: "EMAIL_PASSPORT_NOT_VALIDATED",
            advice: "Verify the account's e-mail address, then sign in.",
            disagreement: "Client 3.0 (MSNP5) says that sign-in is impossible until the address is verified; the "
                + "MSNP6 client shows for the same code the milder text, that the address is not verified and the "
                + "service may be used; early tables list the code as new in MSNP7. A sign-in that succeeds with the "
                + "verified bit 0 is the mild case, not this one."),
        ErrorEntry(
            928, "The ticket is not valid, or the password is wrong.",
            .loginFatal, closes: true, laterName: "INVALID_PASSWORD",
            advice: "Check the password; do not repeat the same one.",
            disagreement: "It belongs to Passport tickets (MSNP8 and later), where it is a bad ticket; later clients "
                + "read it as a wrong password; a server with MD5 sign-in is not expected to send it."),
        ErrorEntry(
            931, "The account is not on this server.",
            .transient, classNote: "Sign in again from the dispatch server, not at the cached address.", closes: true,
            advice: "Sign in again; the gateway starts at the dispatch server.",
            disagreement: "Documented with ticket sign-in (MSNP8 and later) only."),
    ]
}
