extension Duration {
    /// As whole nanoseconds, or as many as fit.
    @inlinable
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let sum = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        return whole.overflow || sum.overflow ? (seconds < 0 ? .min : .max) : sum.partialValue
    }
}
