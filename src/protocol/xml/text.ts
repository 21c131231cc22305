/** Characters that cannot stand for themselves in a document, and what stands for them as S3 writes it. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

const EACH_ESCAPE = /[&<>"\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g

/**
 * Escapes text for use as character data or in a quoted attribute. Control characters become numeric references, which XML 1.0
 * forbids and S3 writes all the same: an object's key may hold them.
 */
export const escapeXml = (text: string): string => escaped(text, LOW_ESCAPES)

/** As {@link escapeXml} for character data alone, where quotes stand for themselves: S3 writes its errors so, and its results not. */
export const escapeXmlContent = (text: string): string => escaped(text, LOW_CONTENT_ESCAPES)

function escaped(text: string, lowEscapes: readonly (string | undefined)[]): string {
  // By hand: a page of a listing has thousands of short texts, and as many ETags with their two quotes.
  let done = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit > LOW_MAX && unit < HIGH_MIN) continue
    const escape = unit > LOW_MAX ? escapeOf(text.charAt(at)) : lowEscapes[unit]
    if (escape === undefined) continue
    done += text.slice(from, at) + escape
    from = at + 1
  }
  return from === 0 ? text : done + text.slice(from)
}

const escapeOf = (character: string): string =>
  ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`

/** All that must be escaped lies up to the one, or from the other on. */
const LOW_MAX = 0x3e
const HIGH_MIN = 0xfffe
const QUOTE = 0x22
/** By the character's code; undefined: it stands for itself. */
const LOW_ESCAPES = Array.from({ length: LOW_MAX + 1 }, (_, code) => {
  const character = String.fromCharCode(code)
  return character.replace(EACH_ESCAPE, '') === '' ? escapeOf(character) : undefined
})
const LOW_CONTENT_ESCAPES = LOW_ESCAPES.map((escape, code) => (code === QUOTE ? undefined : escape))
