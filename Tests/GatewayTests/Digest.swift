import Digests
import Encodings

func md5(_ text: String) -> String {
    var digest = MD5()
    digest.update(text)
    return Hexadecimal.encode(digest.finish())
}
