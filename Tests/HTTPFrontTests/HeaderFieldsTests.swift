import HTTPFront
import Testing

@Suite struct HeaderFieldsTests {
    @Test func namesCompareWithoutCase() {
        let fields: HeaderFields = [("Accept", "a"), ("X-One", "1"), ("accept", "b")]
        #expect(fields["ACCEPT"] == "a, b")
        #expect(fields.values(of: "accept") == ["a", "b"])
        #expect(fields.first(of: "accept") == "a")
        #expect(fields.contains("x-one"))
        #expect(!fields.contains("x-on"))
        #expect(fields["x-two"] == nil)
        #expect(fields.count(of: "Accept") == 2)
    }

    @Test func onlyLettersHaveCase() {
        // `[` and `{` differ by the bit that tells upper from lower case.
        let fields: HeaderFields = [("x[", "1")]
        #expect(fields["X["] == "1")
        #expect(fields["x{"] == nil)
    }

    @Test func orderIsKept() {
        var fields: HeaderFields = [("A", "1"), ("B", "2"), ("a", "3")]
        #expect(fields.map(\.value) == ["1", "2", "3"])
        fields.set("A", "4")
        #expect(fields.map(\.name) == ["B", "A"])
        #expect(fields.map(\.value) == ["2", "4"])
        fields.remove("b")
        #expect(fields == [("a", "4")])
        fields.remove("a")
        #expect(fields.isEmpty)
    }

    @Test func aValueIsPutTogetherInItsPlace() {
        var fields: HeaderFields = [("A", "1")]
        fields.add("B") { bytes in
            bytes.append(contentsOf: "x".utf8)
            bytes.append(contentsOf: "yz".utf8)
        }
        fields.add("C") { _ in }
        fields.add("D", "4")
        #expect(fields == [("A", "1"), ("B", "xyz"), ("C", ""), ("D", "4")])
        fields.set("b", "2")
        #expect(fields == [("A", "1"), ("C", ""), ("D", "4"), ("b", "2")])
    }

    @Test func aResponseSetsAndAdds() {
        var response = Response(status: 200)
        response.add("Vary", "Origin")
        response.add("Vary", "Accept")
        #expect(response.value(of: "vary") == "Origin")
        #expect(response.headers["vary"] == "Origin, Accept")
        response.set("vary", "*")
        #expect(response.headers.values(of: "Vary") == ["*"])
    }
}
