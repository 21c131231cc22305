/** Whether each element of the document is closed in its turn, and nothing in its text should have been escaped. */
export function isWellFormed(xml: string): boolean {
  const open: string[] = []
  let at = 0
  for (const tag of xml.matchAll(/<(\/?)([A-Za-z][\w:.-]*)[^<>]*?(\/?)>|<\?xml[^<>]*\?>/g)) {
    if (!isText(xml.slice(at, tag.index))) return false
    at = tag.index + tag[0].length
    const [, closes, name, isEmpty] = tag
    if (name === undefined || isEmpty === '/') continue
    if (closes !== '/') open.push(name)
    else if (open.pop() !== name) return false
  }
  return open.length === 0 && isText(xml.slice(at))
}

/** Control characters are written as references, which XML cannot hold and S3 writes all the same. */
const isText = (text: string): boolean =>
  !/[<>\u0000-\u0008\u000b\u000c\u000e-\u001f]|&(?!amp;|lt;|gt;|quot;|apos;|#x?[0-9a-fA-F]+;)/.test(text)
