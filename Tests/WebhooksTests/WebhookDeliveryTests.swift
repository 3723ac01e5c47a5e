import Testing

@testable import Webhooks

@Suite struct WebhookDeliveryTests {
    private static let ok = WebhookOutcome.answered(status: 200)
    private static let broken = WebhookOutcome.answered(status: 500)

    @Test("One attempt at a time, and the next one as long as there is more")
    func oneAtATime() {
        var delivery = WebhookDelivery()
        #expect(delivery.eventsCame() == .send)
        #expect(delivery.eventsCame() == .none)
        #expect(delivery.ended(Self.ok, hasMore: true, at: .zero, chance: 0) == .send)
        #expect(delivery.ended(Self.ok, hasMore: false, at: .zero, chance: 0) == .none)
        #expect(delivery.state == .idle)
        // An end that nobody waits for.
        #expect(delivery.ended(Self.broken, hasMore: true, at: .zero, chance: 0) == .none)
        #expect(delivery.eventsCame() == .send)
        delivery.foundNothing()
        #expect(delivery.state == .idle)
    }

    @Test(
        "Only a 2xx accepts",
        arguments: [
            (200, true), (204, true), (299, true), (199, false), (300, false), (302, false), (304, false), (400, false),
            (401, false), (404, false), (410, false), (413, false), (429, false), (500, false), (503, false),
        ])
    func accepting(status: Int, isAccepted: Bool) {
        #expect(WebhookOutcome.answered(status: status).isAccepted == isAccepted)
    }

    @Test("Waits double from a second to an hour, of which each is a random share")
    func waits() {
        var delivery = WebhookDelivery()
        #expect(delivery.eventsCame() == .send)
        var now: Duration = .zero
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600, 3_600, 3_600] {
            let until = now + .seconds(seconds) / 2
            #expect(delivery.ended(Self.broken, hasMore: true, at: now, chance: 0.5) == .wait(until: until))
            #expect(delivery.health == .failing)
            #expect(delivery.eventsCame() == .none)
            #expect(delivery.timeCame(at: until - .nanoseconds(1)) == .none)
            #expect(delivery.timeCame(at: until) == .send)
            #expect(delivery.timeCame(at: until) == .none)
            now = until
        }
        #expect(delivery.ended(Self.ok, hasMore: false, at: now, chance: 0.5) == .none)
        #expect(delivery.health == .active)
        #expect(delivery.failing == .zero)
        #expect(delivery.eventsCame() == .send)
        #expect(
            delivery.ended(.failed(.timedOut), hasMore: true, at: now, chance: 1) == .wait(until: now + .seconds(1)))
    }

    @Test("Whoever asks to be left alone is, for an hour at most")
    func wishes() {
        for (wish, seconds) in [(0, 1), (120, 120), (3_600, 3_600), (86_400, 3_600)] {
            var delivery = WebhookDelivery()
            #expect(delivery.eventsCame() == .send)
            let outcome = WebhookOutcome.answered(status: 503, retryAfter: .seconds(wish))
            #expect(
                delivery.ended(outcome, hasMore: true, at: .zero, chance: 1) == .wait(until: .seconds(seconds)))
        }
    }

    @Test("A 410 disables at once")
    func gone() {
        var delivery = WebhookDelivery()
        #expect(delivery.eventsCame() == .send)
        #expect(delivery.ended(.answered(status: 410), hasMore: true, at: .zero, chance: 1) == .disable(.gone))
        #expect(delivery.health == .disabled)
        #expect(delivery.eventsCame() == .none)
        #expect(delivery.timeCame(at: .seconds(1_000_000)) == .none)
        #expect(delivery.enable() == .send)
        #expect(delivery.health == .active)
    }

    /// Lets it fail until it waits no more, an hour after the other.
    private func fail(_ delivery: inout WebhookDelivery, from start: Duration, _ outcome: WebhookOutcome) -> Duration? {
        var now = start
        var action = delivery.eventsCame()
        for _ in 0..<100 {
            #expect(action == .send)
            switch delivery.ended(outcome, hasMore: true, at: now, chance: 1) {
            case .wait: now += .seconds(3_600)
            case .disable(.failingForThreeDays): return now - start
            case let other:
                Issue.record("\(other)")
                return nil
            }
            action = delivery.timeCame(at: now)
        }
        return nil
    }

    @Test("Three days of failing disable, of which those of an earlier process count")
    func threeDays() {
        var delivery = WebhookDelivery()
        #expect(fail(&delivery, from: .seconds(5), Self.broken) == .seconds(72 * 3_600))
        #expect(delivery.state == .disabled(.failingForThreeDays))

        // The process was away for a week: that is no failure of the endpoint's.
        var restored = WebhookDelivery(failures: 70, failing: .seconds(70 * 3_600))
        #expect(restored.health == .failing)
        #expect(fail(&restored, from: .seconds(7 * 86_400), .failed(.unreachable)) == .seconds(2 * 3_600))
    }

    @Test(
        "What the gateway itself or its proxy lacks disables nobody",
        arguments: [
            .failed(.unavailable), .failed(.proxyFailed), .refusedByProxy(status: 407), .refusedByProxy(status: 410),
            .refusedByProxy(status: 502),
        ] as [WebhookOutcome])
    func ownFault(outcome: WebhookOutcome) {
        var delivery = WebhookDelivery()
        #expect(fail(&delivery, from: .zero, outcome) == nil)
        #expect(delivery.health == .failing)
    }

    @Test("An attempt that outlives being disabled and enabled is still the only one")
    func enabledMeanwhile() {
        var delivery = WebhookDelivery()
        #expect(delivery.eventsCame() == .send)
        delivery.disable(.byOwner)
        #expect(delivery.health == .disabled)
        #expect(delivery.enable() == .none)
        #expect(delivery.state == .inFlight)
        #expect(delivery.ended(Self.ok, hasMore: true, at: .zero, chance: 0) == .send)
        delivery.disable(.byOwner)
        #expect(delivery.ended(Self.broken, hasMore: true, at: .zero, chance: 0) == .none)
        #expect(delivery.state == .disabled(.byOwner))
        #expect(delivery.enable() == .send)
    }

    @Test("One that we ended ourselves counts for nothing")
    func cancelled() {
        var delivery = WebhookDelivery()
        #expect(delivery.eventsCame() == .send)
        #expect(delivery.ended(.cancelled, hasMore: true, at: .zero, chance: 1) == .none)
        #expect(delivery == WebhookDelivery())
        #expect(delivery.eventsCame() == .send)
    }

    @Test("Whoever waits is tried at once where its owner says so")
    func triedAtOnce() {
        var delivery = WebhookDelivery()
        #expect(delivery.eventsCame() == .send)
        #expect(delivery.ended(Self.broken, hasMore: true, at: .zero, chance: 1) == .wait(until: .seconds(1)))
        #expect(delivery.enable() == .send)
        #expect(delivery.timeCame(at: .seconds(1)) == .none)
    }
}
