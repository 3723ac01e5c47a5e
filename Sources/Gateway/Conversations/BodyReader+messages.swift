import MSNP

/// The members of requests that people are written to or brought together with.
extension BodyReader {
    /// `text`, `format` and `clientRef`; nil when one of them is refused.
    mutating func messageDraft() -> MessageDraft? {
        let text = messageText("text")
        let format = object("format") { $0.textFormat() }
        let clientRef = clientRef("clientRef")
        return text.map { MessageDraft(text: $0, format: format, clientRef: clientRef) }
    }

    /// Accounts that differ, none of them the caller's own; at least one, and at most so many as the limit says.
    mutating func accounts(_ name: MemberName, isOwn: (Handle) -> Bool) -> [Handle]? {
        guard let items = requiredArray(name) else { return nil }
        guard (1...ConversationLimits.participants).contains(items.count) else {
            refuse(name, "has to have 1 to \(ConversationLimits.participants) accounts")
            return nil
        }
        var accounts: [Handle] = []
        for (index, item) in items.enumerated() {
            do throws(HandleError) {
                guard case .string(let text) = item else {
                    refuse(name, index, "has to be a string")
                    continue
                }
                let account = try Handle(validating: text)
                if isOwn(account) {
                    refuse(name, index, "is the session's own account")
                } else if accounts.contains(account) {
                    refuse(name, index, "is there already")
                }
                accounts.append(account)
            } catch {
                refuse(name, index, Self.fault(error))
            }
        }
        return accounts
    }

    /// An account that has to be there and is not the caller's own.
    mutating func otherAccount(_ name: MemberName, isOwn: (Handle) -> Bool) -> Handle? {
        guard let account = account(name) else { return nil }
        if isOwn(account) { refuse(name, "is the session's own account") }
        return account
    }

    private mutating func messageText(_ name: MemberName) -> MessageText? {
        guard let text = requiredString(name) else { return nil }
        do throws(MessageTextError) {
            return try MessageText(validating: text)
        } catch {
            switch error {
            case .empty: refuse(name, "can't be empty")
            case .tooLong: refuse(name, "has to have at most \(WireLimits.messageText) bytes of UTF-8")
            case .controlCharacter:
                refuse(name, "can't contain control characters other than tab and line ends (LF or CRLF)")
            }
            return nil
        }
    }

    private mutating func textFormat() -> TextFormat? {
        let font = string("font")
        let color = string("color")
        let parsedColor = color.flatMap { TextColor($0) }
        if color != nil, parsedColor == nil { refuse("color", "has to look like #rrggbb") }
        let (bold, italic) = (flag("bold"), flag("italic"))
        let (underline, strikethrough) = (flag("underline"), flag("strikethrough"))
        let rightToLeft = flag("rightToLeft")
        do throws(TextFormatError) {
            return try TextFormat(
                font: font, isBold: bold ?? false, isItalic: italic ?? false, isUnderlined: underline ?? false,
                isStruckThrough: strikethrough ?? false, color: parsedColor, isRightToLeft: rightToLeft ?? false)
        } catch {
            refuse("font", "has to have 1 to \(TextFormat.longestFont) characters, none of them a control character")
            return nil
        }
    }

    private mutating func clientRef(_ name: MemberName) -> String? {
        guard let text = string(name) else { return nil }
        // Counted as JSON Schema counts, and not before it is known to be short: a scalar has four bytes at most.
        guard text.utf8.count <= 4 * MessagingLimits.clientRef,
            (1...MessagingLimits.clientRef).contains(text.unicodeScalars.count),
            DisplayText.isFit(text)
        else {
            refuse(name, "has to have 1 to \(MessagingLimits.clientRef) characters, none of them a control character")
            return nil
        }
        return text
    }
}
