/// The little Markdown that the API's description is written in, as HTML: paragraphs, lists, tables and code.
enum Markdown {
    static func html(_ text: String) -> String {
        var blocks: [String] = []
        var block: [Substring] = []
        for line in (text + "\n").split(separator: "\n", omittingEmptySubsequences: false) {
            if !line.allSatisfy({ $0 == " " }) {
                block.append(line)
            } else if !block.isEmpty {
                blocks.append(html(of: block))
                block = []
            }
        }
        return blocks.joined(separator: "\n")
    }

    private static func html(of lines: [Substring]) -> String {
        if lines[0].hasPrefix("* ") || lines[0].hasPrefix("- ") { return list(lines) }
        if lines[0].hasPrefix("|") { return table(lines) }
        return "<p>" + HTML.withCode(lines.joined(separator: " ")) + "</p>"
    }

    /// Lines that don't begin an item go on with the one before.
    private static func list(_ lines: [Substring]) -> String {
        var items: [String] = []
        for line in lines {
            if line.hasPrefix("* ") || line.hasPrefix("- ") || items.isEmpty {
                items.append(String(line.dropFirst(2)))
            } else {
                items[items.count - 1] += " " + line.drop { $0 == " " }
            }
        }
        return "<ul>" + items.map { "<li>" + HTML.withCode($0) + "</li>" }.joined() + "</ul>"
    }

    /// A line of titles, a line of dashes, then the rows.
    private static func table(_ lines: [Substring]) -> String {
        let rows = lines.map { line in
            line.dropFirst().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
        }
        func row(_ cells: [Substring], _ element: String) -> String {
            let inner = cells.map { "<\(element)>\(HTML.withCode(String($0)))</\(element)>" }.joined()
            return "<tr>\(inner)</tr>"
        }
        return "<table>" + row(rows[0], "th") + rows.dropFirst(2).map { row($0, "td") }.joined() + "</table>"
    }
}
