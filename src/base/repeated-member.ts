/**
 * The name of a member that an object of the document has twice, or null. `text` must be JSON that `JSON.parse` takes: of a repeated member
 * that keeps the last one, so that whoever reads the document and whoever obeys it may see different things.
 */
export function repeatedMember(text: string): string | null {
  /** For each open object the names it has so far; null for an array. */
  const open: (Set<string> | null)[] = []
  let expectsName = false
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
        open.push(new Set())
        expectsName = true
        break
      case '[':
        open.push(null)
        expectsName = false
        break
      case '}':
      case ']':
        open.pop()
        expectsName = false
        break
      case ',':
        expectsName = open.at(-1) instanceof Set
        break
      case '"': {
        const end = stringEnd(text, at)
        const names = open.at(-1)
        if (expectsName && names) {
          // A literal of a document that was parsed as a whole.
          const name = JSON.parse(text.slice(at, end)) as string
          if (names.has(name)) return name
          names.add(name)
          expectsName = false
        }
        at = end - 1
        break
      }
    }
  }
  return null
}

/** The place behind the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
