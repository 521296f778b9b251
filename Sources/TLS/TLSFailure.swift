import CRennbahnOpenSSL

/// Why a context could not be made or a connection is not to be trusted: OpenSSL's words.
package struct TLSFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    /// What the last failed call of this thread left behind: the first of its errors, which is the cause.
    static func last(_ what: String = "") -> TLSFailure {
        let code = ERR_get_error()
        ERR_clear_error()
        var reason = "no reason given"
        if copenssl_is_system_error(code) != 0, let text = unsafe strerror(copenssl_system_error(code)) {
            reason = unsafe String(cString: text)
        } else if let text = unsafe ERR_reason_error_string(code) {
            reason = unsafe String(cString: text)
        } else if code != 0 {
            reason = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
                guard let start = text.baseAddress else { return "error \(code)" }
                unsafe ERR_error_string_n(code, start, text.count)
                return unsafe String(cString: start)
            }
        }
        return TLSFailure(what.isEmpty ? reason : "\(what): \(reason)")
    }
}
