import { percentDecode } from '../../base/percent-encoding.ts'

/** Names one part of a form. */
interface PartNames {
  readonly name: string
  /** As the browser has it, folders included; null when the part has none. */
  readonly filename: string | null
}

/** Reads `form-data; name="…"; filename="…"` (RFC 7578), also `filename*=UTF-8''…`; null when it is no such text. */
export function parseContentDisposition(value: string): PartNames | null {
  const semicolon = value.indexOf(';')
  if (semicolon < 0 || value.slice(0, semicolon).trim().toLowerCase() !== 'form-data') return null
  const parameters = parseParameters(value, semicolon)
  const name = parameters?.get('name')
  if (name === undefined) return null
  const extended = parameters?.get('filename*')
  const filename = extended === undefined ? undefined : decodeExtended(extended)
  return { name, filename: filename ?? parameters?.get('filename') ?? null }
}

/** The parameters behind the first semicolon, by lower-case name; null when they are malformed. */
export function parseParameters(value: string, from: number): Map<string, string> | null {
  const parameters = new Map<string, string>()
  let at = from
  while (at < value.length) {
    if (value[at] === ';' || value[at] === ' ' || value[at] === '\t') {
      at++
      continue
    }
    const equals = value.indexOf('=', at)
    if (equals < 0) return null
    const name = value.slice(at, equals).trim().toLowerCase()
    at = equals + 1
    let text = ''
    if (value[at] === '"') {
      for (at++; value[at] !== '"'; at++) {
        if (at >= value.length) return null
        // Only a quote is escaped: some browsers send Windows paths as they are.
        if (value[at] === '\\' && value[at + 1] === '"') at++
        text += value[at] ?? ''
      }
      at++
    } else {
      const end = value.indexOf(';', at)
      text = value.slice(at, end < 0 ? value.length : end).trim()
      at = end < 0 ? value.length : end
    }
    if (!parameters.has(name)) parameters.set(name, text)
  }
  return parameters
}

function decodeExtended(text: string): string | undefined {
  const [charset = '', , ...rest] = text.split("'")
  return charset.toLowerCase() === 'utf-8' ? (percentDecode(rest.join("'")) ?? undefined) : undefined
}
