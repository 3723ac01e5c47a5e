import CCurl

extension CurlEasy {
    /// Trusts whom a file has certificates of, in PEM, and nobody else; nil for the system's authorities.
    package func trust(_ authorities: String?) {
        guard let authorities else { return }
        set(CURLOPT_CAINFO, authorities)
        // Or the system's directory would count besides.
        clear(CURLOPT_CAPATH)
    }
}
