import type { IncomingMessage } from 'node:http'

/** An API that the control plane answers. */
export type ControlApi = 'lightsail' | 'sts'

const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * The API of the control plane that a request calls, or null when it is one to S3. Both are called at `/`: Lightsail by a POST whose
 * X-Amz-Target names the operation, STS by an `Action` in the query, or in a form (S3's forms are multipart and go to a bucket).
 */
export function detectApi(request: IncomingMessage): ControlApi | null {
  const { url = '', method, headers } = request
  if (url !== '/' && !url.startsWith('/?')) return null
  if (method === 'POST') {
    if (headers['x-amz-target'] !== undefined) return url === '/' ? 'lightsail' : null
    if (headers['content-type']?.toLowerCase().startsWith(FORM_TYPE) === true) return 'sts'
  }
  return (method === 'GET' || method === 'POST') && hasAction(url) ? 'sts' : null
}

const hasAction = (url: string): boolean => url.startsWith('/?Action=') || url.includes('&Action=')
