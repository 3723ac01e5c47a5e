import Digests
import Encodings
import HTTPFront

/// The little HTML that the gateway makes itself; everything that comes from elsewhere is escaped.
enum HTML {
    /// Text fit for an element or a quoted attribute.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// Text in which `…` pairs of back-ticks become code.
    static func withCode(_ text: String) -> String {
        escaped(text).split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { index, part in index % 2 == 1 ? "<code>\(part)</code>" : String(part) }.joined()
    }

    /// A whole page, without scripts, that may post to `formAction` alone.
    static func page(title: String, body: String, formAction: String? = nil) -> Response {
        // The style is named by its digest, so nothing that got into the page could bring one of its own.
        let digest = Base64.encode(SHA256.digest(of: Array(style.utf8)), .standard)
        return whole(
            title: title, head: "<style>\(style)</style>", body: "<body>\n<main>\n\(body)\n</main>\n</body>",
            policy: "default-src 'none'; style-src 'sha256-\(digest)'; "
                + "form-action \(formAction ?? "'none'"); base-uri 'none'; frame-ancestors 'none'")
    }

    /// What a page may load that is served with the folder `web-static`, or uses its files: its own, and nothing inline.
    static let ownFilesPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

    /// A page of the documentation, in the dashboard's frame: `side` leads through `body`.
    ///
    /// Looks and conveniences (search, samples, trying) are files of `web-static`. It can be read without them.
    static func documentation(title: String, path: String, side: String, body: String) -> Response {
        let links = [
            ("/", "Messenger"), ("/docs", "Reference"), ("/docs/problems", "Problems"), ("/curl.html", "With curl"),
        ]
        let parts = links.map { target, name in
            "<li><a href=\"\(target)\"\(target == path ? " aria-current=\"page\"" : "")>\(name)</a></li>"
        }
        let styles = ["tokens", "base", "docs"].map { "<link rel=\"stylesheet\" href=\"/css/\($0).css\">" }
        return whole(
            title: title,
            head: """
                <meta name="color-scheme" content="light dark">
                <link rel="icon" type="image/svg+xml" href="/favicon.svg">
                \(styles.joined(separator: "\n"))
                <script type="module" src="/js/docs/docs.js"></script>
                """,
            body: """
                <body class="docs">
                <header class="title-bar"><a class="skip" href="#start">Skip to the content</a>
                <a class="brand" href="/"><img src="/icons/app.svg" alt="" width="32" height="32"> <span>msnp-gateway</span></a>
                <nav class="docs-links" aria-label="This gateway"><ul>\(parts.joined())</ul></nav></header>
                <div class="docs-panes">
                <nav class="docs-side" aria-label="Contents">
                \(side)
                </nav>
                <main id="start" tabindex="-1">
                \(body)
                </main>
                </div>
                </body>
                """,
            policy: ownFilesPolicy)
    }

    private static func whole(title: String, head: String, body: String, policy: String) -> Response {
        let html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escaped(title))</title>
            \(head)
            </head>
            \(body)
            </html>

            """
        var response = Response(status: 200, body: Array(html.utf8))
        response.set("Content-Type", "text/html; charset=utf-8")
        response.set("Content-Security-Policy", policy)
        response.set("Referrer-Policy", "no-referrer")
        return response
    }

    private static let style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1b1f24;background:#fff}
        main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
        p{margin:.3rem 0}
        button{font:inherit;padding:.5rem 1rem}
        @media(prefers-color-scheme:dark){body{color:#e6e9ec;background:#14171a}}
        """
}
