import RennbahnTransport
import RennbahnWorkload

/// Where a client is on its way.
enum ClientState: UInt8, Sendable {
    case idle
    /// The connection is being made and upgraded.
    case opening
    /// HELLO was sent.
    case joining
    /// SUBSCRIBE or REGISTER was sent.
    case preparing
    case ready
    /// GOODBYE was sent.
    case leaving
    /// The close handshake is under way.
    case closing
    /// It is of no use, the reason is noted; its connection ends.
    case failed
    case gone

    /// Whether the client's session is being opened.
    var isArriving: Bool {
        switch self {
        case .opening, .joining, .preparing: true
        case .idle, .ready, .leaving, .closing, .failed, .gone: false
        }
    }
}

/// The clients of a shard, by number, in flat arrays.
struct Fleet: ~Copyable {
    let roles: [RennbahnWorkload.Role]
    var states: [ClientState]
    var links: [LinkID]
    /// When the client began to connect.
    var openedAt: [UInt64]
    /// What the router granted, by client: the id of its subscription or registration, or that of a publisher's first
    /// publication, which is acknowledged; 0 before.
    var granted: [UInt64]
    /// Publishers whose first publication is not acknowledged yet.
    var unacknowledged = 0
    /// Client of each connection slot.
    private var clients: [Int32]
    /// Number among those of its kind, by client: publishers and callers as senders, subscribers as receivers.
    let places: [Int32]
    /// Client of each sender.
    let senders: [Int32]
    /// Number in the fleet of each sender.
    let senderNumbers: [Int]
    /// Place of each sender of the fleet, -1 where it is on another shard.
    private let placesOfSenders: [Int32]

    var ready = 0
    var lost = 0
    /// Opening, joining or preparing.
    var pending = 0
    /// The next client to open a connection for the first time.
    var nextToOpen = 0

    init(roles: [RennbahnWorkload.Role], senderCount: Int, slots: Int) {
        self.roles = roles
        states = Array(repeating: .idle, count: roles.count)
        links = Array(repeating: .unbound, count: roles.count)
        openedAt = Array(repeating: 0, count: roles.count)
        granted = Array(repeating: 0, count: roles.count)
        clients = Array(repeating: -1, count: slots)
        var places: [Int32] = []
        var senders: [Int32] = []
        var numbers: [Int] = []
        var lookup = Array(repeating: Int32(-1), count: senderCount)
        var receivers: Int32 = 0
        for (client, role) in roles.enumerated() {
            switch role {
            case .publisher(let sender, _), .caller(let sender, _), .echoer(let sender):
                lookup[sender] = Int32(senders.count)
                places.append(Int32(senders.count))
                senders.append(Int32(client))
                numbers.append(sender)
            case .subscriber, .callee:
                places.append(receivers)
                receivers += 1
            case .visitor, .stuckSubscriber, .listener:
                places.append(0)
            }
        }
        self.places = places
        self.senders = senders
        senderNumbers = numbers
        placesOfSenders = lookup
    }

    var count: Int { roles.count }

    /// The client that a connection belongs to.
    func client(of link: LinkID) -> Int? {
        let client = Int(clients[Int(link.index)])
        guard client >= 0, links[client] == link else { return nil }
        return client
    }

    mutating func bind(_ client: Int, to link: LinkID) {
        links[client] = link
        clients[Int(link.index)] = Int32(truncatingIfNeeded: client)
    }

    func place(ofSender sender: Int) -> Int? {
        guard placesOfSenders.indices.contains(sender) else { return nil }
        let place = Int(placesOfSenders[sender])
        return place >= 0 ? place : nil
    }
}

extension LinkID {
    /// Of a client that has no connection.
    static let unbound = LinkID(index: .max, generation: .max)
}
