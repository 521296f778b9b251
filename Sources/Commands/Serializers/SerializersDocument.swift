import RennbahnReport
import RennbahnStages
import RennbahnTrial
import RennbahnWAMP
import RennbahnWorkload

/// The results file of `rennbahn serializers`; `docs/serializers.schema.json` is its JSON Schema.
struct SerializersDocument: Codable, Equatable {
    static let schemaName = ExportSource.serializersSchema

    var schema = SerializersDocument.schemaName
    var trials: TrialDocument
    var documents: [DocumentFacts]
    var stages: [DocumentStages]
    var advice: [String]
}

/// What a document is like.
struct DocumentFacts: Codable, Equatable {
    var name: String
    /// `small, numeric, flat, not redundant`; absent for a user's own.
    var classes: String?
    /// Means of the variants.
    var jsonOctets: Double
    var msgpackOctets: Double
    var variants: Int

    init(_ set: DocumentSet) {
        name = set.name
        classes = set.kind?.classes?.description
        jsonOctets = set.meanOctets(.json)
        msgpackOctets = set.meanOctets(.msgpack)
        variants = set.variants.count
    }
}
