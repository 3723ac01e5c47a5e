/// A request that waits, as its loop knows it.
///
/// Safe although it stores a pointer: the library keeps a suspended connection, and the entry goes when it is resumed.
@safe struct Parked {
    let exchange: Exchange
    let parking: Parking
    let request: ParkedRequest
    /// MHD_Connection *: suspended, so that the library neither uses nor frees it.
    let connection: OpaquePointer
    /// Its socket, watched for the peer's leaving.
    let descriptor: Int32
    /// The place of its daemon.
    let daemon: Int
}
