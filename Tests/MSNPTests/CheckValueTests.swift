import Digests
import Encodings
import Testing

@Suite("Check values") struct CheckValueTests {
    private func md5(_ parts: String...) -> String {
        var digest = MD5()
        for part in parts { digest.update(part) }
        return Hexadecimal.encode(digest.finish())
    }

    @Test(
        "2.5: the challenge, then the password",
        arguments: [
            ("1234567890.123456789", "password", "f59af8f2fa91d38aff7c870c17f99903"),
            ("1013928519.693957190", "correct horse", "ca119f98ef5b826b095287c249ca8e87"),
            ("1013928519.693957190", "s3cr3t-Pässwörd", "71f83cae0759d85849786530aaa40ace"),
            ("5f0c2ab91d3e774", "correct horse", "4deafb581bf3fa131deda21711c7a132"),
            ("1056561624.17795", "abcdefg1234567", "483eee01d6a1de1b668cac9a0ac75d91"),
        ])
    func signIn(challenge: String, password: String, hash: String) {
        #expect(md5(challenge, password) == hash)
    }

    @Test(
        "13.2: the challenge, then the client's key",
        arguments: [
            ("11111111111111111111", "Q1P7W2E4J9R8U3S5", "3b6666b60157322b6fc6e41a115968f5"),
            ("12345678901234567890", "Q1P7W2E4J9R8U3S5", "8ba1bb9d6dbf624fee31a2053af5fdd0"),
            ("15570131571988941333", "Q1P7W2E4J9R8U3S5", "8f2f5a91b72102cd28355e9fc9000d6e"),
            ("15570131571988941333", "VT6PX?UQTM4WM%YR", "ca90e6a7c94a14aae7b3ae0f6018433e"),
            ("11111111111111111111", "VT6PX?UQTM4WM%YR", "24e9d73d581c8068aa24b0d8af4dae13"),
        ])
    func challenge(challenge: String, key: String, answer: String) {
        #expect(md5(challenge, key) == answer)
    }
}
