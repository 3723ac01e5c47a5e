/// What was typed, put so that the parser of arguments takes each word for what it is.
///
/// That parser looks into words with one hyphen for short options, wherever they stand, and one `h` among their letters is the
/// help, which ends well: `send bob@example.com '- the end'` sent nothing, and a script took it for sent.
package enum CommandWords {
    /// The options of `send`, each with a value behind it.
    private static let sendOptions: Set = ["-W", "--as", "--authorities"]
    /// Options whose value comes from elsewhere, and may begin with a hyphen: cursors and accounts.
    private static let freeValues: Set = ["--after", "--from"]
    /// Short options whose value may follow in the same word.
    private static let joining = ["-C", "-W"]

    /// The words of a command, its name first, for the parser; throws `CommandFailure` where one of them is no option, looks like
    /// several, and would be taken for a call for help.
    package static func arranged(_ words: [String]) throws(CommandFailure) -> [String] {
        let words = words.first == "send" ? ["send"] + sending(words.dropFirst()) : words
        if let word = cluster(in: words) {
            throw .usage(
                "There is no option \(TerminalText.line(word)). What begins with a hyphen and is none stands behind --."
            )
        }
        return words
    }

    /// The words of `send` with its text behind `--`: whatever follows whom it is for, and is no option of the command, is text.
    private static func sending(_ words: ArraySlice<String>) -> [String] {
        var (rest, options, others) = (words, [String](), [String]())
        while let word = rest.popFirst() {
            if word == "--" {
                others += rest
                break
            } else if sendOptions.contains(word) {
                options.append(word)
                if let value = rest.popFirst() { options.append(value) }
            } else if word == "-h" || word == "--help" || isJoined(word)
                || sendOptions.contains(where: { word.hasPrefix("\($0)=") })
            {
                options.append(word)
            } else if others.isEmpty, word.hasPrefix("-") {
                // Before anybody is named there is no text: this is for the parser to refuse.
                return Array(words)
            } else {
                others.append(word)
            }
        }
        return options + (others.isEmpty ? [] : ["--"] + others)
    }

    /// The first word that the parser would take for several short options; the commands have none that go together.
    private static func cluster(in words: [String]) -> String? {
        var isFree = false
        for word in words {
            if word == "--" { return nil }
            defer { isFree = !isFree && freeValues.contains(word) }
            guard !isFree, word.utf8.count > 2, word.hasPrefix("-"), !word.hasPrefix("--") else { continue }
            if word != "-help", !isJoined(word) { return word }
        }
        return nil
    }

    private static func isJoined(_ word: String) -> Bool {
        let value = word.utf8.dropFirst(2)
        return !value.isEmpty && joining.contains { word.hasPrefix($0) }
            && value.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
