import type { IncomingMessage } from 'node:http'
import { LUGSAIL_TARGET_PREFIX } from '../model/lugsail/names.ts'

/** An API that the control plane answers. */
export type ControlApi = 'lightsail' | 'lugsail' | 'sts'

const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * The API of the control plane that a request calls, or null when it is one to S3. All are called at `/`: Lightsail and Lugsail's own by a
 * POST whose X-Amz-Target names the operation, STS by an `Action` in the query, or in a form (S3's forms are multipart and go to a bucket).
 */
export function detectApi(request: IncomingMessage): ControlApi | null {
  const { url = '', method, headers } = request
  if (url !== '/' && !url.startsWith('/?')) return null
  if (method === 'POST') {
    const target = headers['x-amz-target']
    if (target !== undefined) return url !== '/' ? null : isOwn(target) ? 'lugsail' : 'lightsail'
    if (headers['content-type']?.toLowerCase().startsWith(FORM_TYPE) === true) return 'sts'
  }
  return (method === 'GET' || method === 'POST') && hasAction(url) ? 'sts' : null
}

const isOwn = (target: string | string[]): boolean =>
  typeof target === 'string' && target.startsWith(`${LUGSAIL_TARGET_PREFIX}.`)

const hasAction = (url: string): boolean => url.startsWith('/?Action=') || url.includes('&Action=')
