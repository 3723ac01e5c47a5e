import MSNP

/// `page.failed`: a page that counted as sent has not arrived.
struct PageFailedEvent: EventKind {
    static let name = "page.failed"

    let page: PageResource
    let failure: PageFailure

    init(_ page: PageResource, _ failure: PageFailure) {
        self.page = page
        self.failure = failure
    }

    func writeMembers(to json: inout JSONWriter) {
        switch failure {
        // The paging service's own code.
        case .undelivered(let code): json.member("code", code)
        case .refused(let error): json.member("msnp", Problem.MSNPError(error, command: "PAG"))
        }
        json.member("pageId", page.id)
        json.member("to", page.to)
    }
}
