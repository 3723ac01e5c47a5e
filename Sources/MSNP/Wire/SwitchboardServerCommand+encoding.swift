extension SwitchboardServerCommand {
    /// The frame that says this on the wire, as the documents write it.
    package var frame: Frame {
        switch self {
        case .entered(let transaction, let member):
            Frame("USR", [transaction.description, "OK"] + member.parameters)
        case .ringing(let transaction, let session): Frame("CAL", [transaction.description, "RINGING", session])
        case .present(let transaction, let index, let count, let member):
            Frame("IRO", [transaction.description, String(index), String(count)] + member.parameters)
        case .answered(let transaction): Frame("ANS", [transaction.description, "OK"])
        case .joined(let member): Frame("JOI", member.parameters)
        case .left(let handle, let idle): Frame("BYE", [PercentEncoding.encode(handle)] + (idle ? ["1"] : []))
        case .message(let sender, let payload): Frame("MSG", sender.parameters, payload: payload.value)
        case .acknowledged(let transaction): Frame("ACK", [transaction.description])
        case .notDelivered(let transaction): Frame("NAK", [transaction.description])
        case .signedOut(let reason): Frame("OUT", reason.parameters)
        case .error(let code, let transaction):
            Frame(code.description, transaction.map { [$0.description] } ?? [])
        }
    }
}
