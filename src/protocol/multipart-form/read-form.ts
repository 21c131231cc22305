import { isUtf8 } from 'node:buffer'
import { ProtocolFailure } from '../protocol-failure.ts'
import { parseContentDisposition, parseParameters } from './content-disposition.ts'
import { DelimitedSource } from './delimited-source.ts'

/** All that comes before the file's bytes, headers and delimiters included: S3's limit for form fields. */
export const PRE_FILE_BYTES_MAX = 20 * 1024
/** RFC 2046 allows 70. */
const BOUNDARY_LENGTH_MAX = 200

/** A browser form of an object upload: its fields, and then the file. */
interface UploadForm {
  /** Values by lower-case name, in the order of the form. */
  readonly fields: ReadonlyMap<string, string>
  readonly file: FormFile
}

interface FormFile {
  /** The last segment of the name that the browser gives, which may be empty; null where the part is a field without one. */
  readonly filename: string | null
  /** Of the part itself; null when it says nothing. */
  readonly contentType: string | null
  /**
   * The file's bytes, as they come; to be read once. What follows the file in the form is read and dropped at the end. Throws
   * ProtocolFailure `incomplete-body` when the form ends before the file does.
   */
  readonly body: AsyncIterable<Buffer>
}

/** The boundary in a Content-Type; null for another type. Throws ProtocolFailure `malformed-form` when it has none. */
export function parseFormBoundary(contentType: string | undefined): string | null {
  if (contentType === undefined) return null
  const semicolon = contentType.indexOf(';')
  const type = semicolon < 0 ? contentType : contentType.slice(0, semicolon)
  if (type.trim().toLowerCase() !== 'multipart/form-data') return null
  const boundary = semicolon < 0 ? undefined : parseParameters(contentType, semicolon)?.get('boundary')
  if (boundary === undefined || boundary === '' || boundary.length > BOUNDARY_LENGTH_MAX) {
    throw malformed(`Content-Type must name a boundary of 1 to ${BOUNDARY_LENGTH_MAX} characters`)
  }
  return boundary
}

/**
 * Reads a form up to its part named `file`. Errors: ProtocolFailure `malformed-form`, `long-form` (fields
 * over {@link PRE_FILE_BYTES_MAX}), `form-field` (no file, or a field twice).
 */
export async function readUploadForm(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
): Promise<UploadForm> {
  // The first delimiter has no line end before it; with this one all delimiters are alike.
  const input = new DelimitedSource(source, LINE_END)
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const fields = new Map<string, string>()
  let bytesLeft = PRE_FILE_BYTES_MAX
  const take = async (end: Buffer): Promise<Buffer> => {
    const bytes = await input.readUntil(end, bytesLeft)
    if (bytes === 'too-long') throw tooLong()
    if (bytes === 'ended') throw malformed('it ended before its file')
    bytesLeft -= bytes.length + end.length
    if (bytesLeft < 0) throw tooLong()
    return bytes
  }

  await take(delimiter)
  for (;;) {
    const afterDelimiter = (await take(LINE_END)).toString('latin1').trim()
    if (afterDelimiter.startsWith('--')) {
      throw new ProtocolFailure('form-field', 'a form upload needs exactly one part named file, got none')
    }
    if (afterDelimiter !== '') throw malformed('a boundary must be followed by the end of its line')
    const { names, contentType } = parsePartHeaders(await takePartHeaders(take))
    const name = names.name.toLowerCase()
    if (name === 'file') {
      const filename = names.filename === null ? null : lastSegment(names.filename)
      return { fields, file: { filename, contentType, body: fileBody(input, delimiter) } }
    }
    const bytes = await take(delimiter)
    if (!isUtf8(bytes)) throw new ProtocolFailure('form-field', `form field ${name} is not UTF-8`)
    const value = bytes.toString('utf8')
    if (fields.has(name)) throw new ProtocolFailure('form-field', `form field ${name} comes twice`)
    fields.set(name, value)
  }
}

const LINE_END = Buffer.from('\r\n', 'latin1')

async function takePartHeaders(take: (end: Buffer) => Promise<Buffer>): Promise<string[]> {
  const lines: string[] = []
  for (;;) {
    const line = (await take(LINE_END)).toString('utf8')
    if (line === '') return lines
    lines.push(line)
  }
}

function parsePartHeaders(lines: readonly string[]) {
  let names = null
  let contentType: string | null = null
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name === 'content-disposition') names = parseContentDisposition(value)
    if (name === 'content-type') contentType = value
  }
  if (names === null || names.name === '')
    throw malformed('each part must have a Content-Disposition of form-data with a name')
  return { names, contentType }
}

async function* fileBody(input: DelimitedSource, delimiter: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield* input.streamUntil(
    delimiter,
    () => new ProtocolFailure('incomplete-body', 'the form ended before the boundary that ends its file'),
  )
  await input.drain()
}

/** Browsers give the bare name, but some of old the whole path. */
function lastSegment(filename: string): string {
  return filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
}

function tooLong(): ProtocolFailure {
  return new ProtocolFailure(
    'long-form',
    `the form's fields before the file must be ${PRE_FILE_BYTES_MAX} bytes or fewer`,
  )
}

function malformed(problem: string): ProtocolFailure {
  return new ProtocolFailure('malformed-form', `the form is malformed; ${problem}`)
}
