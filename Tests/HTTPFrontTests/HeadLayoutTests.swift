import Testing

@testable import HTTPFront

@Suite struct HeadLayoutTests {
    /// `GET /a HTTP/1.1` at 1000 has its parts at 1000, 1004 and 1007, and its end at 1015.
    private func layout() -> HeadLayout { HeadLayout(method: 1000..<1003, target: 1004..<1006, version: 1007..<1015) }

    @Test(arguments: [2, 3, 4] as [UInt])
    func aHeadWithoutFieldsHasTwoLineEnds(_ gap: UInt) {
        var layout = layout()
        layout.finish(at: 1015 + gap)
        #expect(layout.isSound)
    }

    @Test(arguments: [0, 1, 5] as [UInt])
    func anythingElseIsMissing(_ gap: UInt) {
        var layout = layout()
        layout.finish(at: 1015 + gap)
        #expect(!layout.isSound)
    }

    @Test func fieldsFollowEachOther() {
        var layout = layout()
        layout.add(name: 1017..<1021, value: 1023..<1030)
        layout.add(name: 1031..<1032, value: 1033..<1033)
        layout.finish(at: 1037)
        #expect(layout.isSound)
    }

    @Test(arguments: [1015, 1018, 900] as [UInt])
    func aGapBeforeAFieldIsSeen(_ name: UInt) {
        var layout = layout()
        layout.add(name: name..<name + 2, value: name + 3..<name + 4)
        layout.finish(at: name + 8)
        #expect(!layout.isSound)
    }

    @Test func aNameThatReachesItsValueIsSeen() {
        var layout = layout()
        layout.add(name: 1017..<1023, value: 1023..<1024)
        layout.finish(at: 1028)
        #expect(!layout.isSound)
    }

    @Test func theRequestLineHasOneSpaceBetweenParts() {
        #expect(!HeadLayout(method: 1000..<1003, target: 1005..<1006, version: 1007..<1015).isSound)
        #expect(!HeadLayout(method: 1000..<1003, target: 1004..<1006, version: 1009..<1017).isSound)
    }
}
