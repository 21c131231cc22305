import { createHmac } from 'node:crypto'
import type { ClientCredentials } from '../../src/auth/sign-request.ts'

interface PresignVersion2Input {
  readonly method: string
  /** Path and query as they will be sent, encoded. */
  readonly url: string
  /** What is signed, where it is not the path: with the bucket in front, and sub-resources decoded. */
  readonly resource?: string
  readonly credentials: ClientCredentials
  /** Seconds since the epoch, or what stands in its place. */
  readonly expires: number | string
  /** Signed; the URL's user must send them, unless they are in the query. By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Path and query of a URL presigned by version 2; written apart from the server's own code, after Amazon's description. */
export function presignVersion2(input: PresignVersion2Input): string {
  const { method, url, credentials, expires } = input
  const token = credentials.sessionToken
  // In the query it counts as the header that it stands for.
  const carried = token === undefined ? {} : { 'x-amz-security-token': token }
  const headers: Readonly<Record<string, string>> = { ...input.headers, ...carried }
  const amzLines = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', String(expires)]
  const text = `${lines.join('\n')}\n${amzLines.join('')}${input.resource ?? url.replace(/\?.*/, '')}`
  const signature = createHmac('sha1', credentials.secretAccessKey).update(text).digest('base64')
  const query = new URLSearchParams({
    AWSAccessKeyId: credentials.accessKeyId,
    Signature: signature,
    Expires: String(expires),
    ...carried,
  })
  return `${url}${url.includes('?') ? '&' : '?'}${query.toString()}`
}
