/// A client's commands that a session can do without, by their names.
///
/// The others are the sign-in, the status, and the answer to a challenge; a server that lacks one of those is none.
package enum OptionalCommand: String, CaseIterable, Sendable {
    case add = "ADD"
    case privacy = "BLP"
    case clientVersion = "CVR"
    case directory = "FND"
    case addPrompt = "GTC"
    case switchboardAccess = "IMS"
    case list = "LST"
    case page = "PAG"
    case ping = "PNG"
    case phone = "PRP"
    case rename = "REA"
    case remove = "REM"
    case namedInvitation = "SDC"
    case invitation = "SND"
    case service = "URL"
    case transfer = "XFR"
}
