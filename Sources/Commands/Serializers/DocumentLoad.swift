/// How many clients a document is measured with, and at which rate in the open loop: by its octets alone.
///
/// What a message costs depends on how many are on their way together, and the more so the ratio of two formats. Fleets and rates
/// that were found on the machine, as large as it bears, differed by a factor of two between runs, and ratios of the same format by a
/// fifth. So both are given, as small as two slow cores need, and made smaller by halves where even that is too much.
struct DocumentLoad: Equatable {
    var clients: Int
    /// Publications a second.
    var rate: Double

    /// - Parameter octets: of the document, in JSON.
    init(octets: Double) {
        switch octets {
        case ...128: (clients, rate) = (32, 2000)
        case ...512: (clients, rate) = (16, 1000)
        case ...1024: (clients, rate) = (8, 1000)
        default: (clients, rate) = (4, 500)
        }
    }
}
