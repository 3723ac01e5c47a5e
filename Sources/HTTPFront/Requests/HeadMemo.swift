/// What a handler has worked out of a request's head without its query.
///
/// Whoever polls or reads sends the same head again and again. The connection keeps it with its last one, for as long as the
/// heads that come there are the same, byte by byte, but for their queries.
package typealias HeadMemo = any AnyObject & Sendable
