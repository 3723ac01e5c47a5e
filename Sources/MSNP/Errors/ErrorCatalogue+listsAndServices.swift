extension ErrorCatalogue {
    /// 223 … 420: groups, switchboards, searches, invitations.
    static let listsAndServices: [ErrorEntry] = [
        ErrorEntry(
            223, "There are too many groups.", since: "MSNP7",
            .user,
            advice: "Remove a group before adding another."),
        ErrorEntry(
            224, "The group does not exist.", since: "MSNP7",
            .client,
            advice: "Read the lists again; the group is gone."),
        ErrorEntry(
            225, "The account is not in that group.", since: "MSNP7",
            .client,
            advice: "Read the lists again."),
        ErrorEntry(
            226, "Unknown: a group error that is listed as new in MSNP7.", since: "MSNP7",
            .user, classNote: noClass,
            advice: "Report the failed operation with the code."),
        ErrorEntry(
            227, "The group is not empty.", since: "MSNP7",
            .user, classNote: "User or client.",
            advice: "Move the group's contacts first."),
        ErrorEntry(
            228, "A group has that name already.", since: "MSNP7",
            .user, classNote: "User or client.",
            advice: "Choose another name."),
        ErrorEntry(
            229, "The group's name is too long.", since: "MSNP7",
            .user, classNote: "User or client.",
            advice: "Choose a shorter name: 61 bytes, percent-encoded."),
        ErrorEntry(
            230, "Group 0 cannot be removed.", since: "MSNP7",
            .user, classNote: "User or client.",
            advice: "Leave the group of all other contacts in place."),
        ErrorEntry(
            231, "The group is not valid.", since: "MSNP7",
            .user, classNote: "User or client.",
            advice: "Read the lists again."),
        ErrorEntry(
            280, named: "ERR_SWITCHBOARD_FAILED", "No switchboard could be set up.", since: "MSNP2",
            .transient, laterName: "MSNP_SWITCHBOARD_FAILED",
            advice: "Send the message again after a pause."),
        ErrorEntry(
            281, named: "ERR_NOTIFY_XFR_FAILED", "The transfer to a switchboard failed.", since: "MSNP2",
            .transient,
            advice: "Send the message again after a pause."),
        ErrorEntry(
            282, "A peer-to-peer message was malformed.", since: "MSNP9",
            .client,
            advice: "Do not repeat the request."),
        ErrorEntry(
            300, named: "ERR_REQUIRED_FIELDS_MISSING", "A required field is missing.", since: "MSNP2",
            .client,
            advice: "Do not repeat the request; report it as a fault of the gateway."),
        ErrorEntry(
            301, "The search finds too many people.",
            .user, laterName: "TOO_MANY_MATCHES",
            advice: "Search for something narrower."),
        ErrorEntry(
            302, named: "ERR_NOT_LOGGED_IN", "The connection is not signed in.", since: "MSNP2",
            .client,
            advice: "Wait until the session is online."),
        ErrorEntry(
            402, "The contact list service is too busy; later servers only.",
            .transient, laterName: "ABCH_TOO_BUSY",
            advice: "Try again later."),
        ErrorEntry(
            403, "The contact list service is not available; later servers only.",
            .transient, laterName: "ABCH_UNAVAILABLE",
            advice: "Try again later."),
        ErrorEntry(
            420, "The client's identification or version is not accepted.",
            .user, laterName: "INVITE_REQUIRED",
            advice: "Use another backend: this one takes no such client.",
            disagreement: "In the answer to a version query it is about the client; later clients read it as "
                + "“an invitation is required”."),
    ]
}
