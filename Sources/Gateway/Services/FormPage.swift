import HTTPFront
import MSNP

/// The Passport form as a page with a button: nothing is sent before a person has seen to whom
/// (docs/protocol.md#passport-form).
enum FormPage {
    static func response(_ form: PassportForm, _ service: Service) -> Response {
        let fields = form.fields.map { field in
            "<input type=\"hidden\" name=\"\(HTML.escaped(field.name))\" value=\"\(HTML.escaped(field.value))\">"
        }
        let host = HTML.escaped(form.address.host)
        return HTML.page(
            title: "Sign in at \(form.address.host)",
            body: """
                <h1>Go on to \(HTML.escaped(service.rawValue))</h1>
                <p>The button signs you in at <strong>\(host)</strong> with a value made from your password.</p>
                <form method="post" action="\(HTML.escaped(form.action))">
                \(fields.joined(separator: "\n"))
                <p><button type="submit">Sign in at \(host)</button></p>
                </form>
                """,
            formAction: form.address.origin)
    }
}
