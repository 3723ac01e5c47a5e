import HTTPFront

/// `GET /metrics`, for the operator's Prometheus.
struct MetricsRoutes: Sendable {
    let metrics: Metrics

    var routes: [Route] {
        [
            Route(
                Self.path,
                [
                    "GET": Endpoint(access: .operator, produces: ["text/plain"]) { _ throws(Problem) in
                        // Off the loop that serves others: there may be thousands of sessions.
                        .later { () throws(Problem) in
                            var response = Response(status: 200, body: Array(metrics.text.utf8))
                            response.set("Content-Type", PrometheusText.mediaType)
                            return response
                        }
                    }
                ])
        ]
    }

    static let path = "/metrics"
}
