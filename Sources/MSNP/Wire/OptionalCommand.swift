/// A client's command that a session can do without (`CommandForm.isOptional`), by its name.
///
/// The others are the sign-in, the status, and the answer to a challenge; a server that lacks one of those is none.
package struct OptionalCommand: RawRepresentable, Hashable, CaseIterable, Sendable {
    /// Three letters, as in `FND`.
    package let rawValue: String

    /// Nil for a name that is not an optional command's.
    package init?(rawValue: String) {
        guard ClientCommand.table.form(of: rawValue)?.isOptional == true else { return nil }
        self.rawValue = rawValue
    }

    private init(_ form: any CommandForm.Type) { rawValue = form.name }

    /// Sorted by their names.
    package static let allCases = ClientCommand.table.forms.filter { $0.isOptional }.map { OptionalCommand($0) }
        .sorted { $0.rawValue < $1.rawValue }

    /// `ADD`: puts somebody on a list.
    package static let add = OptionalCommand(ClientCommand.ADD.self)
    /// `BLP`: what applies to people on no list.
    package static let privacy = OptionalCommand(ClientCommand.BLP.self)
    /// `FND`: searches for people.
    package static let directory = OptionalCommand(ClientCommand.FND.self)
    /// `GTC`: whether to ask about people who add us.
    package static let addPrompt = OptionalCommand(ClientCommand.GTC.self)
    /// `PAG`: a page to a mobile device.
    package static let page = OptionalCommand(ClientCommand.PAG.self)
    /// `PNG`: asks whether the server is there.
    package static let ping = OptionalCommand(ClientCommand.PNG.self)
    /// `REA`: changes a name.
    package static let rename = OptionalCommand(ClientCommand.REA.self)
    /// `REM`: takes somebody off a list.
    package static let remove = OptionalCommand(ClientCommand.REM.self)
    /// `SDC`: an invitation by mail to somebody who is named.
    package static let namedInvitation = OptionalCommand(ClientCommand.SDC.self)
    /// `XFR`: asks for a switchboard.
    package static let transfer = OptionalCommand(ClientCommand.XFR.self)
}
