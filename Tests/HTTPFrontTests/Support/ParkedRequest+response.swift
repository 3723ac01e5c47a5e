import HTTPFront

extension ParkedRequest {
    /// A request that is released with a response.
    convenience init(
        timeout: Duration, began: @escaping @Sendable (ParkedRequest) -> Void = { _ in },
        releasedWith response: @escaping @Sendable (Release) -> Response,
        abandoned: @escaping @Sendable () -> Void = {}
    ) {
        self.init(
            timeout: timeout, began: began,
            released: { reason -> Result<Response, Never> in .success(response(reason)) }, abandoned: abandoned)
    }
}
