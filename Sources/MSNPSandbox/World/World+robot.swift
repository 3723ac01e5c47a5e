import ByteText
import MSNP

extension World {
    /// The robot comes and goes by its schedule.
    ///
    /// It stays where it has been called to: a switchboard outlives the session (docs/protocol.md#switchboards).
    mutating func moveRobot() {
        guard let schedule = configuration.robot, var due = robotDue else { return }
        var presence = self[robot].presence
        while due <= now {
            presence = presence == nil ? .online : nil
            due += presence == nil ? schedule.absence : schedule.period - schedule.absence
        }
        robotDue = due
        change(robot, shownTo: self[robot].lists[.reverse].all) { $0[$0.robot].presence = presence }
    }

    /// The robot comes into a room as soon as it is called.
    mutating func seatRobot(in room: RoomID) {
        for other in rooms[room]?.participants ?? [] { say(.joined(member(robot)), to: other.connection) }
        put(robot, in: room, on: nil)
    }

    /// The robot says again what was said, byte for byte, after showing that it types; anything but text leaves it cold.
    mutating func repeatAsRobot(_ payload: Redacted<[UInt8]>, in room: RoomID) {
        guard let present = rooms[room], present.holds(robot),
            MIMEPayload(parsing: payload.value).contentType == "text/plain"
        else { return }
        let typing = Redacted(TypingNotification(user: self[robot].handle).payload)
        for listener in present.participants {
            say(.message(from: member(robot), typing), to: listener.connection)
            say(.message(from: member(robot), payload), to: listener.connection)
        }
    }
}
