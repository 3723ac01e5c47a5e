import ByteText
import HTTPFront
import MSNP

/// Answers to calls with keys as bytes, and back.
///
/// A row of fields, each with its length before it; an absent one is empty.
enum KeptAnswer {
    private static let response = "response"
    private static let problem = "problem"

    /// What a store keeps of an answer.
    static func bytes(of answer: IdempotencyStore.Outcome) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ field: some Collection<UInt8>) {
            bytes += Array("\(field.count):".utf8)
            bytes += field
        }
        switch answer {
        case .success(let response):
            add(Self.response.utf8)
            add(String(response.status).utf8)
            add(response.body)
            for field in response.headers {
                add(field.name.utf8)
                add(field.value.utf8)
            }
        case .failure(let problem):
            add(Self.problem.utf8)
            add(problem.code.rawValue.utf8)
            add(problem.detail.utf8)
            add((problem.reason ?? "").utf8)
            add((problem.partial.map { String($0) } ?? "").utf8)
            add((problem.retryAfter.map { String($0) } ?? "").utf8)
            add((problem.msnp.map { String($0.code) } ?? "").utf8)
            add((problem.msnp?.command ?? "").utf8)
        }
        return bytes
    }

    /// The answer; nil for what is none.
    static func read(_ bytes: [UInt8]) -> IdempotencyStore.Outcome? {
        guard let fields = fields(bytes), let kind = fields.first.map(text) else { return nil }
        if ASCII.equals(kind, response), fields.count >= 3, fields.count % 2 == 1 {
            guard let status = Int(text(fields[1])), (200...599).contains(status) else { return nil }
            var response = Response(status: status, body: Array(fields[2]))
            for index in stride(from: 3, to: fields.count, by: 2) {
                response.add(text(fields[index]), text(fields[index + 1]))
            }
            return .success(response)
        }
        guard ASCII.equals(kind, problem), fields.count == 8, let code = ProblemCode(rawValue: text(fields[1])) else {
            return nil
        }
        var problem = Problem(code, text(fields[2]))
        problem.reason = fields[3].isEmpty ? nil : text(fields[3])
        problem.partial = Int(text(fields[4]))
        problem.retryAfter = Int(text(fields[5]))
        if let number = UInt16(text(fields[6])) {
            problem.msnp = Problem.MSNPError(ErrorCode(rawValue: number), command: text(fields[7]))
        }
        // No other is kept.
        problem.mayHaveActed = true
        return .failure(problem)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String { String(decoding: field, as: UTF8.self) }

    private static func fields(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
        var (fields, rest) = ([ArraySlice<UInt8>](), bytes[...])
        while !rest.isEmpty {
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), let count = Int(text(rest[..<colon])), count >= 0,
                count < rest.endIndex - colon
            else { return nil }
            fields.append(rest[(colon + 1)...].prefix(count))
            rest = rest[(colon + 1)...].dropFirst(count)
        }
        return fields
    }
}
