import { checkTags } from '../../service/tags/check-tags.ts'
import { emptyHeaders, type RequestHeaders } from '../../auth/request-headers.ts'
import type { InputOf } from '../../model/operation.ts'
import { putObject } from '../../model/s3/object/put-object.ts'
import { refusedHeaders } from '../../model/s3/refused-headers.ts'
import { Tagging } from '../../model/s3/shapes/tag.ts'
import { givenTags } from '../request/given-tags.ts'
import { readXmlDocument } from '../../protocol/xml/reader.ts'
import { S3Error } from '../s3-error.ts'
import { isHeaderName } from '../../base/header-name.ts'
import type { ObjectTag } from '../../service/records/object.ts'
import { checkKeyLength } from '../../service/versions/object-key.ts'
import type { Address } from '../request/address.ts'
import { notImplemented } from '../request/argument-errors.ts'
import { InputReader } from '../request/read-input.ts'
import { invalidArgument } from '../request/argument-errors.ts'

const reader = new InputReader(putObject)

/** Fields of the signature and of the response; all others describe the object, as PutObject's headers do. */
const OTHER_FIELDS: ReadonlySet<string> = new Set([
  'acl',
  'awsaccesskeyid',
  'bucket',
  'file',
  'key',
  'policy',
  'redirect',
  'signature',
  'success_action_redirect',
  'success_action_status',
  'tagging',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-signature',
])

/**
 * The headers that PutObject would have had instead of these fields. A field of the page's own whose name no header can have is passed over; throws
 * `InvalidArgument` for metadata of such a name, since no response could tell it, and for tags in two fields: those decided on must be those that count.
 */
export function headersOfForm(fields: ReadonlyMap<string, string>): RequestHeaders {
  const headers = emptyHeaders()
  if (fields.has('tagging') && fields.has('x-amz-tagging'))
    throw invalidArgument('x-amz-tagging', '', 'The fields tagging and x-amz-tagging exclude each other.')
  // Header texts hold one character per byte.
  for (const [name, value] of fields) {
    if (OTHER_FIELDS.has(name)) continue
    if (!isHeaderName(name)) {
      if (!name.startsWith('x-amz-')) continue
      throw invalidArgument(name, '', 'The field has a name that no header can have.')
    }
    headers[name] = Buffer.from(value).toString('latin1')
  }
  const acl = fields.get('acl')
  if (acl !== undefined) headers['x-amz-acl'] = acl
  return headers
}

/** What PutObject reads in headers, a form has in fields. Throws `NotImplemented` for a header that may not be passed over. */
export function refuseHeadersOfForm(headers: RequestHeaders): void {
  const refused = refusedHeaders('form')
  for (const name in headers) if (refused.has(name)) throw notImplemented('header', name)
}

/** Reads the form as PutObject's input. Throws what {@link InputReader} throws. */
export function inputOfForm(address: Address, headers: RequestHeaders): InputOf<typeof putObject> {
  // The reader follows PutObject's own model.
  return reader.read({ address, headers }) as unknown as InputOf<typeof putObject>
}

/** The field `tagging`: a document, unlike the header of that name. */
export function tagsOfForm(fields: ReadonlyMap<string, string>): readonly ObjectTag[] | undefined {
  const text = fields.get('tagging')
  if (text === undefined) return undefined
  const { TagSet } = readXmlDocument(Tagging, 'Tagging', Buffer.from(text))
  return checkTags(givenTags(TagSet))
}

/** Fields whose text is what was signed, or proves it. */
const SIGNATURE_FIELDS: ReadonlySet<string> = new Set(['policy', 'signature', 'x-amz-signature'])

/**
 * The fields with the file's name in the place of `${filename}`, as the policy's conditions see them. A file that comes as a field, without a
 * name, leaves the text as it is, as in S3.
 */
export function withFilename(
  fields: ReadonlyMap<string, string>,
  filename: string | null,
): Map<string, string> {
  if (filename === null) return new Map(fields)
  return new Map(
    [...fields].map(([name, value]) => [
      name,
      SIGNATURE_FIELDS.has(name) ? value : value.replaceAll('${filename}', () => filename),
    ]),
  )
}

/** The key that the form asks for. Throws `InvalidArgument`, `KeyTooLongError`. */
export function keyOfForm(fields: ReadonlyMap<string, string>): string {
  const key = fields.get('key')
  if (key === undefined || key === '')
    throw new S3Error(
      'InvalidArgument',
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      { details: { argumentName: 'key', argumentValue: '' } },
    )
  checkKeyLength(key)
  return key
}
