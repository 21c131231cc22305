import { formatHttpDate } from '../../base/http-date.ts'
import type { Readable } from 'node:stream'
import { textToHeader } from '../header-text.ts'
import type { Operation } from '../../model/operation.ts'
import type { Shape } from '../../model/shape.ts'
import { writeXmlDocument, type XmlValue } from '../../protocol/xml/writer.ts'

/** Status, headers (name, value, name, value, …) and body of a response; content-length is among the headers. */
export interface S3Response {
  readonly status: number
  readonly headers: string[]
  readonly body: ResponseBody
}

/** Nothing, bytes that are there already, or a stream that whoever sends the response consumes or destroys. */
type ResponseBody = Uint8Array | Readable | null

type OutputValues = Readonly<Record<string, unknown>>

interface HeaderWriter {
  readonly memberName: string
  readonly name: string
  readonly write: (value: unknown) => string
}

/** Writes an operation's output as its model says: headers, a document, or bytes. Composed once for each operation. */
export class ResponseWriter {
  readonly #headers: HeaderWriter[] = []
  readonly #prefixes: { readonly memberName: string; readonly prefix: string }[] = []
  readonly #payload: {
    readonly memberName: string
    readonly shape: Shape
    readonly rootName: string | null
  } | null
  readonly #statusMember: string | null
  readonly #operation: Operation
  readonly #status: number

  constructor(operation: Operation) {
    this.#operation = operation
    this.#status = operation.http?.status ?? 200
    let payload = null
    let statusMember = null
    for (const [memberName, { location, shape, xmlName }] of Object.entries(operation.output.members)) {
      if (location?.in === 'header')
        this.#headers.push({ memberName, name: spelledName(location.name), write: headerWriter(shape) })
      else if (location?.in === 'headers') this.#prefixes.push({ memberName, prefix: location.prefix })
      else if (location?.in === 'status') statusMember = memberName
      else if (location?.in === 'payload') payload = { memberName, shape, rootName: xmlName ?? null }
    }
    this.#payload = payload
    this.#statusMember = statusMember
  }

  write(output: OutputValues): S3Response {
    const ownStatus = this.#statusMember === null ? undefined : output[this.#statusMember]
    const status = typeof ownStatus === 'number' ? ownStatus : this.#status
    return this.#withBody(output, status, this.writeHeaders(output))
  }

  /** The headers alone, for a response that has them with another status or document. */
  writeHeaders(output: OutputValues): string[] {
    const headers: string[] = []
    for (const { memberName, name, write } of this.#headers) {
      const value = output[memberName]
      if (value !== undefined) headers.push(name, write(value))
    }
    for (const { memberName, prefix } of this.#prefixes) {
      const value = output[memberName]
      // A member with a prefix is a map of texts, by the model.
      if (value !== undefined) pushPrefixed(headers, prefix, value as Readonly<Record<string, string>>)
    }
    return headers
  }

  #withBody(output: OutputValues, status: number, headers: string[]): S3Response {
    if (this.#payload) {
      const { memberName, shape, rootName } = this.#payload
      const value = output[memberName]
      if (value === undefined) return withoutBody(status, headers)
      // By the model, a stream's value is a Readable or bytes, and any other payload's a value with a form in documents.
      if (shape.type === 'stream') return { status, headers, body: value as Readable | Uint8Array }
      if (rootName === null) return textResponse(status, headers, value as string, 'application/json')
      return textResponse(status, headers, writeXmlDocument(shape, rootName, value as XmlValue))
    }
    const rootName = this.#operation.output.name
    if (rootName === undefined) return withoutBody(status, headers)
    return textResponse(
      status,
      headers,
      writeXmlDocument(this.#operation.output, rootName, output as XmlValue),
    )
  }
}

/** A response with a text for a body. */
export function textResponse(
  status: number,
  headers: string[],
  text: string,
  type = 'application/xml',
): S3Response {
  const body = Buffer.from(text)
  headers.push('Content-Type', type, 'Content-Length', String(body.length))
  return { status, headers, body }
}

/** HTTP has no length for a response that never has a body; where the headers tell one already (HEAD), it is left. */
function withoutBody(status: number, headers: string[]): S3Response {
  const hasNone = status === 204 || status === 304
  if (!hasNone && !headers.includes('Content-Length')) headers.push('Content-Length', '0')
  return { status, headers, body: null }
}

/** A header's name as S3 spells it, `ETag` and `Content-Type`: names have no case in HTTP, and some old clients do not know. */
function spelledName(name: string): string {
  if (name.startsWith('x-amz-')) return name
  return name === 'etag' ? 'ETag' : name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}

function pushPrefixed(headers: string[], prefix: string, map: Readonly<Record<string, string>>): void {
  for (const name in map) {
    const value = map[name]
    if (value !== undefined) headers.push(prefix + name, textToHeader(value))
  }
}

function headerWriter(shape: Shape): (value: unknown) => string {
  if (shape.type !== 'timestamp') return String
  return shape.format === 'iso8601'
    ? (value) => new Date(Number(value)).toISOString()
    : (value) => formatHttpDate(Number(value))
}
