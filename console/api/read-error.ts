import { ApiError } from './api-error.ts'
import { parseXml, textOf } from './s3/xml.ts'

/** Codes of answers that have no body, as those to HEAD. */
const CODES: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  403: 'AccessDenied',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  412: 'PreconditionFailed',
  507: 'InsufficientStorage',
}

/** Longest error that is read: those of the server are far below. */
const ERROR_LENGTH_MAX = 64 * 1024

interface JsonError {
  readonly __type?: string
  readonly message?: string
  readonly hint?: string
}

/** What a refusal says: JSON of Lightsail's API, or XML of S3 and STS. */
export async function readError(response: Response): Promise<ApiError> {
  const { status, headers } = response
  const requestId = headers.get('x-amzn-requestid') ?? headers.get('x-amz-request-id')
  const text = (await response.text().catch(() => '')).slice(0, ERROR_LENGTH_MAX)
  const make = (code: string, message: string, hint: string | null = null): ApiError =>
    new ApiError(code, message, { status, hint, requestId })
  try {
    if (text.startsWith('{')) {
      const { __type, message, hint } = JSON.parse(text) as JsonError
      return make(__type ?? 'Unreadable', message ?? '', hint ?? null)
    }
    if (text.includes('<')) {
      const document = parseXml(text)
      return make(textOf(document, 'Code') ?? 'Unreadable', textOf(document, 'Message') ?? '')
    }
  } catch {
    // What follows tells of it.
  }
  return make(CODES[status] ?? 'Unreadable', `The server answered with status ${status}.`)
}
