/// How many clients a document is measured with, and at which rate in the open loop: by its octets alone.
///
/// What a message costs depends on how many are on their way together, and the more so the ratio of two formats. Fleets and rates
/// that were found on the machine, as large as it bears, differed by a factor of two between runs, and ratios of the same format by a
/// fifth. So both are given, as small as two slow cores need, and made smaller by halves where even that is too much. States of
/// compression of more clients would not fit in the caches of one core, and what others do to those is not what is asked.
struct DocumentLoad: Equatable {
    var clients: Int
    /// Publications a second.
    var rate: Double

    /// - Parameter octets: of the document, in JSON.
    init(octets: Double) {
        switch octets {
        case ...128: (clients, rate) = (8, 4000)
        case ...1024: (clients, rate) = (8, 2000)
        default: (clients, rate) = (4, 1000)
        }
    }
}
