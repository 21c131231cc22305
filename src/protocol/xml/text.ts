/** Characters that cannot stand for themselves in a document, and what stands for them as S3 writes it. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

const MUST_ESCAPE = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/
const EACH_ESCAPE = new RegExp(MUST_ESCAPE, 'g')

/**
 * Escapes text for use as character data or in a quoted attribute. Control characters become numeric references, which XML 1.0
 * forbids and S3 writes all the same: an object's key may hold them.
 */
export function escapeXml(text: string): string {
  if (!MUST_ESCAPE.test(text)) return text
  return text.replace(
    EACH_ESCAPE,
    (character) => ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  )
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Resolves XML's five entities and numeric references. Null when the text holds any other reference, a stray ampersand or a number
 * that is no character.
 */
export function unescapeXml(text: string): string | null {
  let from = text.indexOf('&')
  if (from < 0) return text
  let result = text.slice(0, from)
  while (from >= 0) {
    const end = text.indexOf(';', from)
    if (end < 0) return null
    const character = resolveReference(text.slice(from + 1, end))
    if (character === null) return null
    from = text.indexOf('&', end)
    result += character + text.slice(end + 1, from < 0 ? undefined : from)
  }
  return result
}

function resolveReference(name: string): string | null {
  if (!name.startsWith('#')) return ENTITIES[name] ?? null
  const isHexadecimal = name.startsWith('#x')
  const digits = name.slice(isHexadecimal ? 2 : 1)
  if (!(isHexadecimal ? /^[0-9a-fA-F]{1,6}$/ : /^[0-9]{1,7}$/).test(digits)) return null
  const codePoint = parseInt(digits, isHexadecimal ? 16 : 10)
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff
  return codePoint > 0x10ffff || isSurrogate || codePoint === 0 ? null : String.fromCodePoint(codePoint)
}
