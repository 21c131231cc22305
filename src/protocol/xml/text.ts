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
  return MUST_ESCAPE.test(text) ? text.replace(EACH_ESCAPE, escapeOf) : text
}

/** As {@link escapeXml} for character data alone, where quotes stand for themselves: S3 writes its errors so, and its results not. */
export function escapeXmlContent(text: string): string {
  return text.replace(EACH_ESCAPE, (character) => (character === '"' ? character : escapeOf(character)))
}

const escapeOf = (character: string): string =>
  ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`
