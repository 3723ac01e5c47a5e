import Digests
import Encodings

/// Lower-case hexadecimal MD5 of the texts one after the other.
func digest(_ texts: String...) -> String {
    var digest = MD5()
    for text in texts { digest.update(text) }
    return Hexadecimal.encode(digest.finish())
}
