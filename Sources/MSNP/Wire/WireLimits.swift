/// The sizes that the wire is held to, each with its reason.
package enum WireLimits {
    /// Bytes in one command line, terminator included.
    ///
    /// No document gives a length; 16 KiB holds a name of 387 bytes forty times over (docs/protocol.md#lines).
    package static let line = 16 * 1024

    /// Empty lines between two commands; some servers send one after each payload (docs/protocol.md#lines).
    package static let emptyLines = 64

    /// Bytes in one payload from a notification server; real profiles exceed 1,200 bytes (docs/protocol.md#payloads).
    package static let payload = 64 * 1024

    /// Bytes in the name of a command: three letters, or the three digits of an error (docs/protocol.md#lines).
    package static let command = 3

    /// Bytes in a word of a command line that is compared: a list, a status, a dialect; the longest known has eleven.
    package static let word = 64

    /// Bytes in a handle, which every server kind agrees on (docs/protocol.md#limits).
    ///
    /// A line of a server with a longer one is dropped: whoever it names can't be on the service.
    package static let handle = 129

    /// Bytes in a name or phone number of a server's line once decoded.
    ///
    /// Four times what may be sent as a name: some servers take names unencoded and by characters instead of bytes, and 387
    /// characters beyond ASCII fit (docs/protocol.md#encoding, #limits). A line with more is dropped.
    package static let receivedText = 4 * encodedName

    /// Bytes in what only names or opens a session, a number or a cookie; real ones have some thirty
    /// (docs/protocol.md#calling).
    package static let ticket = 512

    /// Bytes in a server's address: a name of 255 bytes (RFC 1035, 2.3.4), brackets, a port.
    package static let address = 264

    /// Bytes in the name of a header or field, of which the longest known has twenty-two; a line with more counts as none.
    package static let fieldName = 128

    /// Bytes in a media type with its parameters, and in any other value that is compared; one that is longer is not known.
    package static let comparedValue = 512

    /// Bytes in the name of a character set (RFC 2978 asks for at most 40).
    package static let charsetName = 40

    /// Bytes in a percent-encoded friendly name: 129 characters at `%XX` each (docs/protocol.md#limits).
    package static let encodedName = 387

    /// Bytes in a percent-encoded phone number; a longer one makes servers disconnect (docs/protocol.md#phones).
    package static let encodedPhone = 95

    /// Referrals followed in a row before the backend counts as a loop (docs/protocol.md#referrals).
    package static let referrals = 5

    /// List lines that one synchronisation may bring: ten times the fullest lists that any server is known to keep
    /// (docs/protocol.md#limits: 1,000 forward, 1,500 allow, 1,200 block, 1,000 reverse).
    package static let listEntries = 47_000

    /// Bytes of handles and names that one synchronisation may bring: the most entries with names of ordinary length.
    package static let listBytes = 8 << 20

    /// Presence that may come ahead of the lists: twice the longest forward list.
    package static let earlyPresence = 2_000

    /// Answers to challenges that are waited for; the next one drops the oldest.
    package static let pendingChallenges = 8

    /// Bytes in the payload of a message to people, headers included: a payload of 1,664 bytes closes some switchboards
    /// (docs/protocol.md#messages).
    package static let messagePayload = 1_600

    /// UTF-8 bytes in one text that is to be sent, before it is split (docs/api.md#limits).
    package static let messageText = 64 * 1024
}
