import Synchronization

/// Off until it is switched, then on for good; any thread may ask.
final class StopSwitch: Sendable {
    private let state = Atomic(false)

    var isOn: Bool { state.load(ordering: .acquiring) }

    func turnOn() { state.store(true, ordering: .releasing) }
}
