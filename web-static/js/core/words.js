// The words of a text, as a search compares them.

/** Words of one text that can be found: a page of a book has some 400. */
const most = 500;
const longest = 64;

/** Letters and digits that stand together, without case and without the differences that Unicode calls compatible. */
export function wordsOf(text) {
  const words = new Set();
  for (const [word] of text.normalize("NFKC").toLowerCase().matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    words.add(word.slice(0, longest));
    if (words.size >= most) break;
  }
  return words;
}
