import ByteText
import MSNP
import Testing

@Suite struct InvitationTests {
    private func payload(_ body: String) -> MIMEPayload {
        MIMEPayload(parsing: Array(("Content-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n" + body).utf8))
    }

    @Test("An offer and what is said to it")
    func golden() throws {
        let offer = try #require(Transcript.fileTransfer.commands.first)
        let invitation = try #require(Invitation(MIMEPayload(parsing: offer.payload)))
        #expect(invitation.step == .invite)
        #expect(invitation.cookie == 33_267)
        #expect(invitation.application == "File Transfer")
        #expect(invitation.applicationID == "{5D3E02AB-6190-11d3-BBBB-00C04F795683}")
        #expect(invitation.fileName == "readme.txt")
        #expect(invitation.fileSize == 60_904)
        let answer = try #require(Transcript.fileTransfer.commands.last)
        #expect(Invitation.decline(invitation.cookie) == answer.payload)
        let again = try #require(Invitation(MIMEPayload(parsing: answer.payload)))
        #expect(again.step == .cancel)
        #expect(again.cancelCode == Invitation.declineCode)
    }

    @Test("Fields in any order, unknown ones ignored, missing ones absent")
    func leniency() throws {
        let invitation = try #require(
            Invitation(
                payload("X: y\nInvitation-Cookie:4294967295\nApplication-FileSize: -5\ninvitation-command: accept")))
        #expect(invitation.step == .accept)
        #expect(invitation.cookie == .max)
        #expect(invitation.fileSize == nil)
        #expect(Invitation(payload("Invitation-Command: NEW\r\nInvitation-Cookie: 1\r\n"))?.step == .other("NEW"))
    }

    @Test(
        "What can't be answered is none",
        arguments: [
            "", "Invitation-Command: INVITE", "Invitation-Command: INVITE\r\nInvitation-Cookie: 4294967296",
            "Invitation-Command: INVITE\r\nInvitation-Cookie: x", "Invitation-Cookie: 1",
            "Invitation-Command: INVITE\r\nInvitation-Cookie: -1",
        ])
    func none(body: String) {
        #expect(Invitation(payload(body)) == nil)
        #expect(PersonalMessage(payload(body)) == .ignored(contentType: "text/x-msmsgsinvite"))
    }

    @Test("Typing, both ways")
    func typing() throws {
        let sent = try #require(Transcript.switchboard.commands.first { $0.line == "MSG 3 U 90" })
        #expect(TypingNotification(user: "alice@example.com").payload == sent.payload)
        let received = MIMEPayload(parsing: sent.payload)
        #expect(TypingNotification(received)?.user == "alice@example.com")
        #expect(PersonalMessage(received) == .typing)
        let empty = MIMEPayload(parsing: Array("Content-Type: text/x-msmsgscontrol\r\n\r\n".utf8))
        #expect(PersonalMessage(empty) == .ignored(contentType: "text/x-msmsgscontrol"))
        let hostile = TypingNotification(user: "a@b\r\nContent-Type: text/plain\r\n\r\nx").payload
        #expect(PersonalMessage(MIMEPayload(parsing: hostile)) == .typing)
    }

    @Test("Anything else says what it is")
    func other() {
        let page = MIMEPayload(parsing: Array("Content-Type: text/html; x\r\n\r\n<p>".utf8))
        #expect(PersonalMessage(page) == .other(contentType: "text/html"))
        #expect(PersonalMessage(MIMEPayload(parsing: [])) == .other(contentType: nil))
    }
}
