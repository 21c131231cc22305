import { escapeXml } from '../../protocol/xml/text.ts'
import { XML_DECLARATION } from '../../protocol/xml/writer.ts'
import { textResponse, type S3Response } from '../response/response-writer.ts'

interface FormResponseOptions {
  readonly fields: ReadonlyMap<string, string>
  readonly bucketName: string
  readonly objectKey: string
  /** The object's URL. */
  readonly location: string
  readonly etag: string
  /** What PutObject would tell of it; name, value, name, value, … */
  readonly headers: string[]
}

/** The response to a form as the form wants it: a redirection, or one of three statuses. */
export function formResponse({
  fields,
  bucketName,
  objectKey,
  location,
  etag,
  headers,
}: FormResponseOptions): S3Response {
  const redirect = redirectUrl(fields.get('success_action_redirect') ?? fields.get('redirect'))
  if (redirect) {
    redirect.search += `${redirect.search === '' ? '?' : '&'}${query({ bucket: bucketName, key: objectKey, etag })}`
    headers.push('Location', redirect.href, 'Content-Length', '0')
    return { status: 303, headers, body: null }
  }
  headers.push('Location', location)
  const status = fields.get('success_action_status')
  if (status === '201')
    return textResponse(201, headers, postResponse({ location, bucketName, objectKey, etag }))
  if (status !== '200') return { status: 204, headers, body: null }
  headers.push('Content-Length', '0')
  return { status: 200, headers, body: null }
}

/** A redirection goes to the web alone; what is no such URL is passed over, as S3 does. */
function redirectUrl(text: string | undefined): URL | null {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : null
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null
}

function query(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

function postResponse(values: {
  location: string
  bucketName: string
  objectKey: string
  etag: string
}): string {
  return (
    `${XML_DECLARATION}<PostResponse>` +
    `<Location>${escapeXml(values.location)}</Location><Bucket>${escapeXml(values.bucketName)}</Bucket>` +
    `<Key>${escapeXml(values.objectKey)}</Key><ETag>${escapeXml(values.etag)}</ETag></PostResponse>`
  )
}
