/** Splits text into words as a POSIX shell does, with quotes and backslashes and nothing else; undefined when a quote is left open. */
export function splitShellWords(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) return undefined
      word = (word ?? '') + text.slice(at + 1, end)
      at = end
    } else if (character === '"') {
      word ??= ''
      for (at++; text.charAt(at) !== '"'; at++) {
        if (at >= text.length) return undefined
        if (text.charAt(at) === '\\' && /["\\]/.test(text.charAt(at + 1))) at++
        word += text.charAt(at)
      }
    } else if (character === '\\') {
      if (++at >= text.length) return undefined
      word = (word ?? '') + text.charAt(at)
    } else word = (word ?? '') + character
  }
  if (word !== undefined) words.push(word)
  return words
}
