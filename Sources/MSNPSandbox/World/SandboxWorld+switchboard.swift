import MSNP

extension SandboxWorld {
    /// `XFR SB` (protocol.md 2.6, 16).
    ///
    /// There is no switchboard yet: whoever may have one gets 280, "switchboard failed", which is what is the case and
    /// what clients report as such.
    mutating func requestTransfer(
        _ kind: String, _ transaction: TransactionID, _ account: SandboxAccountID, on id: SandboxConnectionID
    ) {
        guard kind == "SB" else { return refuse(201, transaction, to: id) }
        refuse(self[account].visiblePresence == nil ? 913 : 280, transaction, to: id)
    }
}
