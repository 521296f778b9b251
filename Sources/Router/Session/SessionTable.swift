import RennbahnBytes

/// The connections of a shard that have said something, and their sessions, by the index of their handle.
struct SessionTable: ~Copyable {
    private var sessions = FlatList<Session>()
    private var lastIncarnation: UInt32 = 0
    /// Sessions that are joining or established.
    private(set) var count = 0

    /// One past the largest index.
    var slots: Int { sessions.count }

    subscript(index: UInt32) -> Session {
        @inline(__always)
        _read { yield sessions[Int(index)] }
        @inline(__always)
        nonmutating _modify { yield &sessions[Int(index)] }
    }

    /// Whether the handle is of a connection with an established session.
    @inline(__always)
    func isEstablished(_ handle: SessionHandle) -> Bool {
        let index = Int(handle.index)
        guard index < sessions.count else { return false }
        return sessions[index].handle == handle && sessions[index].phase == .established
    }

    /// The phase of a connection, which is noted when it is new; `failed` for a handle that has outlived its connection.
    mutating func phase(of handle: SessionHandle) -> Session.Phase {
        let index = Int(handle.index)
        if index >= sessions.count {
            sessions.extend(to: index + 1, with: Session(handle: handle, phase: .vacant))
        }
        if sessions[index].phase == .vacant {
            sessions[index] = Session(handle: handle, phase: .closed)
            return .closed
        }
        return sessions[index].handle == handle ? sessions[index].phase : .failed
    }

    /// Whether there is such a connection.
    func contains(_ handle: SessionHandle) -> Bool {
        guard handle.index < sessions.count else { return false }
        return sessions[Int(handle.index)].handle == handle && sessions[Int(handle.index)].phase != .vacant
    }

    func isLive(_ session: SessionReference, in phase: Session.Phase = .established) -> Bool {
        guard session.index < sessions.count else { return false }
        return sessions[Int(session.index)].incarnation == session.incarnation
            && sessions[Int(session.index)].phase == phase
    }

    /// Opens a session on a closed connection.
    mutating func open(_ index: UInt32, phase: Session.Phase, realm: UInt32) {
        precondition(sessions[Int(index)].phase == .closed)
        var session = Session(handle: sessions[Int(index)].handle, phase: phase)
        lastIncarnation &+= 1
        session.incarnation = lastIncarnation
        session.realm = realm
        sessions[Int(index)] = session
        count += 1
    }

    /// Ends the session on a connection, if there is one; it must own nothing any more.
    mutating func end(_ index: UInt32, leaving phase: Session.Phase) {
        switch sessions[Int(index)].phase {
        case .joining, .established: count -= 1
        case .vacant, .closed, .shuttingDown, .failed: break
        }
        precondition(sessions[Int(index)].ownsNothing)
        sessions[Int(index)] = Session(handle: sessions[Int(index)].handle, phase: phase)
    }
}
