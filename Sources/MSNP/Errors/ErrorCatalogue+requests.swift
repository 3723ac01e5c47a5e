extension ErrorCatalogue {
    /// 100 … 220: the request itself, the user it names, the list it changes.
    static let requests: [ErrorEntry] = [
        ErrorEntry(
            100, "Unknown: the first client has the number and no document explains it.", since: "MSNP2",
            .user, classNote: noClass,
            advice: "Report the failed operation with the code."),
        ErrorEntry(
            146, "Unknown: the first client has the number and no document explains it.", since: "MSNP2",
            .user, classNote: noClass,
            advice: "Report the failed operation with the code."),
        ErrorEntry(
            200, named: "ERR_SYNTAX_ERROR", "The command could not be read; never seen in practice.", since: "MSNP2",
            .client,
            advice: "Do not repeat the request; report it as a fault of the gateway."),
        ErrorEntry(
            201, named: "ERR_INVALID_PARAMETER",
            "A parameter is not acceptable: a status of offline, a malformed account, a search without names.",
            since: "MSNP2",
            .user, classNote: "User or client: the value may be the person's or the client's.",
            laterName: "MSNP_INVALID_PARAMETER",
            advice: "Check the account, the status or the search values and send the request again."),
        ErrorEntry(
            205, named: "ERR_INVALID_USER", "The account does not exist.", since: "MSNP2",
            .user, laterName: "USER_NOT_FOUND",
            advice: "Check the spelling of the account."),
        ErrorEntry(
            206, named: "ERR_FQDN_MISSING", "The account lacks its domain.", since: "MSNP2",
            .user, classNote: "It ends a sign-in, as the account has to be corrected first.",
            laterName: "USER_NOT_FOUND",
            advice: "Give the account in full, as name@domain."),
        ErrorEntry(
            207, named: "ERR_ALREADY_LOGIN", "The connection is signed in already.", since: "MSNP2",
            .client, laterName: "ALREADY_LOGGED_ON",
            advice: "Do not repeat the request; the session is usable as it is."),
        ErrorEntry(
            208, named: "ERR_INVALID_USERNAME", "The account is malformed, as the answer to an invitation.",
            since: "draft; in clients from MSNP4",
            .user, laterName: "USER_NOT_FOUND",
            advice: "Check the spelling of the account.",
            disagreement: "The first client lacks it although the draft has it; some servers send it for ADD too, "
                + "where others send 205."),
        ErrorEntry(
            209, named: "ERR_INVALID_FRIENDLY_NAME",
            "The name is refused: it holds a forbidden word, or the account's address is not verified.",
            since: "MSNP2",
            .user, laterName: "INVALID_FRIENDLY_NAME",
            advice: "Choose another name, or verify the account's address first."),
        ErrorEntry(
            210, named: "ERR_LIST_FULL", "The list takes no more entries.", since: "MSNP2",
            .user, laterName: "LIST_FULL",
            advice: "Remove a contact before adding another."),
        ErrorEntry(
            211, "Unknown: the first client has the number and no document explains it.", since: "MSNP2",
            .user, classNote: noClass,
            advice: "Report the failed operation with the code."),
        ErrorEntry(
            213, "Probably a rename that is not possible.",
            .user, laterName: "USER_DOESNT_EXIST",
            advice: "Check the account and the name.",
            disagreement: "No document describes it; the meaning is a guess from the name in later clients."),
        ErrorEntry(
            215, named: "ERR_ALREADY_THERE", "The account is in that list already, or in that conversation.",
            since: "draft", removedIn: "MSNP6",
            .success, classNote: "Success for a list; for an invitation it is the user's.",
            laterName: "ALREADY_IN_LIST",
            advice: "Take the entry as present and read the lists again.",
            disagreement: "The MSNP2 client lacks it, the MSNP6 client dropped it, so it entered somewhere from "
                + "MSNP3 to MSNP5; servers are documented to send it all along, for invitations too."),
        ErrorEntry(
            216, named: "ERR_NOT_ON_LIST", "The account is not in that list, or on none.", since: "MSNP2",
            .user, laterName: "USER_NOT_FOUND",
            advice: "Read the lists again; the entry is gone.",
            disagreement: "Servers once also refused invitations with it, for people whom privacy keeps out; "
                + "later ones answer 217 there."),
        ErrorEntry(
            217, "The person is offline, hidden, or takes no messages from this account.",
            .user, laterName: "MSNP_NOT_ACCEPTING_IMS",
            advice: "Wait until the contact is online."),
        ErrorEntry(
            218, named: "ERR_ALREADY_IN_THE_MODE", "The setting has that value already.", since: "MSNP2",
            .success, laterName: "S_ALREADY_IN_THE_MODE",
            advice: "Nothing is to be done."),
        ErrorEntry(
            219, named: "ERR_ALREADY_IN_OPPOSITE_LIST",
            "The account is in the opposite one of the allow and block lists.", since: "MSNP2", removedIn: "MSNP6",
            .client, laterName: "MSNP_ALREADY_IN_OPPOSITE_LIST",
            advice: "Remove the account from the opposite list first.",
            disagreement: "The MSNP6 client dropped it while servers are documented to go on sending it; "
                + "some revived servers allow both lists at once and never send it."),
        ErrorEntry(
            220, "The recipient takes no pages.",
            .user, laterName: "NOT_ACCEPTING_PAGES",
            advice: "Send an instant message instead."),
    ]
}
