import HTTPFront
import Locking
import MSNP
import MSNPClient
import Storage
import Synchronization

/// What the gateway counts, for `GET /metrics`.
///
/// Whoever counts adds to a number of its own; whoever asks adds them up. No label has a value that a caller or a server
/// can choose, and none says anything about an account.
final class Metrics: Sendable {
    let idempotency: IdempotencyStore
    /// Requests for which there is no route, a file of the static pages, and those that were refused as no HTTP.
    let unmatched = RouteMeter("(none)", methods: [])
    let files = RouteMeter("(files)", methods: ["GET", "HEAD", "OPTIONS"])
    let refused = RouteMeter("(refused)", methods: [])

    private let backends: [Backend]
    private let registry: SessionRegistry
    private let webhooks: WebhookRegistry
    private let version: String
    private let meters = Locked<[RouteMeter]>([])
    private let front = Locked<(@Sendable () -> HTTPStatistics?)?>(nil)

    init(
        backends: [Backend], registry: SessionRegistry, webhooks: WebhookRegistry, idempotency: IdempotencyStore,
        version: String
    ) {
        self.backends = backends
        self.registry = registry
        self.webhooks = webhooks
        self.idempotency = idempotency
        self.version = version
    }

    /// Has what an HTTP server counts among the metrics.
    func include(_ front: @escaping @Sendable () -> HTTPStatistics?) { self.front.withLock { $0 = front } }

    /// What the HTTP server counts; nil where there is none.
    private var statistics: HTTPStatistics? { front.withLock { $0 }?() }

    /// Streams that are open; the HTTP server knows.
    private var streams: Int { statistics?.streams ?? 0 }

    /// A meter for a route, which is made once for each.
    func meter(for route: Route) -> RouteMeter {
        var methods = Set(route.endpoints.keys).union(["OPTIONS"])
        if methods.contains("GET") { methods.insert("HEAD") }
        let meter = RouteMeter(route.template, methods: methods)
        meters.withLock { $0.append(meter) }
        return meter
    }

    /// Everything, as Prometheus reads it; takes each session's lock once, and so a millisecond for thousands.
    var text: String {
        var out = PrometheusText()
        out.begin("msnp_gateway_info", .gauge, "The version that runs.")
        out.sample("msnp_gateway_info", [("version", version)], 1)
        addSessions(&out)
        addRequests(&out)
        addFront(&out)
        addJournals(&out)
        addState(&out)
        webhooks.addMetrics(to: &out)
        addBackends(&out)
        addLoops(&out)
        addProcess(&out)
        return out.text
    }

    private func addSessions(_ out: inout PrometheusText) {
        struct Kind: Hashable {
            let backend: String
            let state: SessionState
        }
        var counts: [Kind: Int] = [:]
        var polls = 0
        for session in registry.sessions(of: nil) {
            let (state, parked) = session.gauge
            counts[Kind(backend: session.backend.name, state: state), default: 0] += 1
            polls += parked
        }
        let name = "msnp_gateway_sessions"
        out.begin(name, .gauge, "Sessions by backend and state; ended ones can still be read.")
        for backend in backends {
            for state in SessionState.allCases {
                out.sample(
                    name, [("backend", backend.name), ("state", state.rawValue)],
                    counts[Kind(backend: backend.name, state: state)] ?? 0)
            }
        }
        out.add("msnp_gateway_parked_polls", .gauge, "Polls that wait for events.", polls)
        out.add("msnp_gateway_streams", .gauge, "Streams that are open.", streams)
        out.add(
            "msnp_gateway_tasks", .gauge, "Calls that wait for a server or for work, callers gone included.",
            TaskBox.running)
        out.add("msnp_gateway_idempotency_keys", .gauge, "Idempotency keys that are remembered.", idempotency.count)
        out.add("msnp_gateway_idempotency_bytes", .gauge, "Bytes of the answers kept for them.", idempotency.bytes)
    }

    private func addRequests(_ out: inout PrometheusText) {
        let meters = meters.withLock { $0 } + [files, unmatched, refused]
        let requests = "msnp_gateway_http_requests_total"
        out.begin(requests, .counter, "Answers by route, method and status; 499: the caller left before.")
        for meter in meters {
            for answer in meter.answers {
                out.sample(
                    requests, [("route", meter.route), ("method", answer.method), ("status", answer.status)],
                    answer.count)
            }
        }
        let durations = "msnp_gateway_http_request_duration_seconds"
        out.begin(durations, .histogram, "From the head of a request to its answer, waiting included.")
        for meter in meters {
            let cumulative = meter.latency.cumulative
            guard let count = cumulative.last, count > 0 else { continue }
            for (index, below) in cumulative.enumerated() {
                let bound =
                    index < LatencyHistogram.bounds.count ? "\(Self.seconds(LatencyHistogram.bounds[index]))" : "+Inf"
                out.sample(durations + "_bucket", [("route", meter.route), ("le", bound)], below)
            }
            out.sample(durations + "_sum", [("route", meter.route)], Self.seconds(meter.latency.nanoseconds))
            out.sample(durations + "_count", [("route", meter.route)], count)
        }
    }

    private func addFront(_ out: inout PrometheusText) {
        guard let statistics else { return }
        out.add("msnp_gateway_http_connections", .gauge, "Connections that are open.", statistics.connections)
        out.add(
            "msnp_gateway_http_parked_requests", .gauge, "Requests that wait: polls, sign-ins and whatever else.",
            statistics.parked)
        out.add("msnp_gateway_http_heads_total", .counter, "Heads of requests that were read.", statistics.requests)
        out.add(
            "msnp_gateway_http_stuck_connections_total", .counter,
            "Connections that were ended because the framing of a body had no end.", statistics.stuck)
        let refused = "msnp_gateway_http_refused_connections_total"
        out.begin(
            refused, .counter,
            "Connections that were not served: their address had too many (address), there were too many (connections), or "
                + "no descriptor was left (descriptors).")
        for refusal in ConnectionRefusal.allCases {
            out.sample(refused, [("reason", refusal.reason)], statistics.refused[refusal] ?? 0)
        }
    }

    private func addJournals(_ out: inout PrometheusText) {
        // Where a store has the journals, it is what keeps them and lets them go.
        let (journals, tally) = (registry.journals, registry.keeper?.store.tally)
        out.add(
            "msnp_gateway_journal_bytes", .gauge, "Bytes of events in all journals.", tally?.bytes ?? journals.bytes)
        let dropped = "msnp_gateway_journal_events_dropped_total"
        out.begin(
            dropped, .counter,
            "Events no longer kept: beyond what one session keeps (session), or beyond what all keep together (total).")
        out.sample(dropped, [("limit", "session")], tally?.outdated ?? journals.outdated.value)
        out.sample(dropped, [("limit", "total")], tally?.forOthers ?? journals.droppedEvents)
    }

    private func addState(_ out: inout PrometheusText) {
        guard let keeper = registry.keeper else { return }
        out.add(
            "msnp_gateway_state_writable", .gauge, "Whether what happens can be written at the moment.",
            keeper.canWrite ? 1 : 0)
        let figures = keeper.store.figures
        out.add(
            "msnp_gateway_state_failures_total", .counter, "How often the state could not be written any more.",
            figures.failures)
        out.add("msnp_gateway_state_waiting_bytes", .gauge, "Bytes that wait to be written.", figures.waitingBytes)
        out.add(
            "msnp_gateway_state_damaged_events_total", .counter,
            "Events that should be in the state and could not be read.", figures.damagedEvents)
        out.add(
            "msnp_gateway_state_passed_over_numbers", .gauge,
            "Numbers that no event has, as one that was lost may have had them.", figures.passedOverNumbers)
    }

    private func addBackends(_ out: inout PrometheusText) {
        func each(_ name: String, _ help: String, _ values: [(String, KeyPath<BackendTraffic, Int>)]) {
            out.begin(name, .counter, help)
            for backend in backends {
                for (direction, value) in values {
                    out.sample(
                        name, [("backend", backend.name), ("direction", direction)], backend.traffic[keyPath: value])
                }
            }
        }
        each(
            "msnp_gateway_msnp_commands_total", "MSNP commands by backend and direction.",
            [("in", \.commandsIn), ("out", \.commandsOut)])
        each(
            "msnp_gateway_msnp_bytes_total", "Bytes of MSNP by backend and direction.",
            [("in", \.bytesIn), ("out", \.bytesOut)])
        let reconnects = "msnp_gateway_reconnects_total"
        out.begin(reconnects, .counter, "Times that a session lost its server and set out to come back.")
        for backend in backends { out.sample(reconnects, [("backend", backend.name)], backend.traffic.reconnects) }
        let dropped = "msnp_gateway_server_lines_dropped_total"
        out.begin(
            dropped, .counter, "Lines of servers that were dropped, as a handle, name or word in them was too long.")
        for backend in backends { out.sample(dropped, [("backend", backend.name)], backend.traffic.linesDropped) }
        let errors = "msnp_gateway_msnp_errors_total"
        out.begin(errors, .counter, "MSNP errors received, by code; other: none of the catalogue.")
        for backend in backends {
            for (code, count) in backend.traffic.errors.sorted(by: { $0.key ?? .max < $1.key ?? .max }) {
                out.sample(errors, [("backend", backend.name), ("code", code.map(String.init) ?? "other")], count)
            }
        }
    }

    private func addLoops(_ out: inout PrometheusText) {
        let turns = "msnp_gateway_long_turns_total"
        out.begin(
            turns, .counter,
            "Turns of an event loop that took longer than 50 ms, for which everybody else there waited; by whose work took most."
        )
        if let statistics { out.sample(turns, [("loop", "http")], statistics.longTurns) }
        out.sample(turns, [("loop", "msnp")], registry.runtime.longTurns)
    }

    private func addProcess(_ out: inout PrometheusText) {
        let usage = ProcessUsage()
        if let start = usage.start {
            out.add("process_start_time_seconds", .gauge, "When the process began, since 1970.", start)
        }
        out.add("process_cpu_seconds_total", .counter, "Processor time, of the user and the system.", usage.cpuSeconds)
        if let bytes = usage.residentBytes {
            out.add("process_resident_memory_bytes", .gauge, "Memory that is in use.", bytes)
        }
        if let files = usage.openFiles { out.add("process_open_fds", .gauge, "Descriptors that are open.", files) }
        if let files = usage.mostFiles { out.add("process_max_fds", .gauge, "Descriptors that can be open.", files) }
    }

    private static func seconds(_ nanoseconds: Int) -> Double { Double(nanoseconds) / 1e9 }
}
