import { escapeXmlContent } from '../../protocol/xml/text.ts'
import { XML_DECLARATION } from '../../protocol/xml/writer.ts'

/** S3's error document: its elements in turn, of which Code, Message and RequestId are in each. */
export function errorDocument(elements: Iterable<readonly [name: string, text: string]>): string {
  let content = ''
  for (const [name, text] of elements) content += `<${name}>${escapeXmlContent(text)}</${name}>`
  return `${XML_DECLARATION}<Error>${content}</Error>`
}
