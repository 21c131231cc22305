import { ApiError } from '../api-error.ts'
import { send, type Call, type Sender } from '../send.ts'
import { parseXml } from './xml.ts'

/** A request to S3, by path on the console's own origin. */
export interface S3Call extends Omit<Call, 'service' | 'path'> {
  readonly bucket?: string
  readonly key?: string
}

/** Browsers take such pieces of a path away before they send it, whatever way they are written. */
const isDotSegment = (segment: string): boolean => segment === '.' || segment === '..'

/** Whether a browser can ask for an object of this key at all. */
export const isReachableKey = (key: string): boolean => !key.split('/').some(isDotSegment)

/** Sends a request to S3. Throws ApiError; `UnreachableKey` for keys that browsers cannot ask for. */
export async function sendS3(sender: Sender, { bucket, key, ...call }: S3Call): Promise<Response> {
  if (key !== undefined && !isReachableKey(key))
    throw new ApiError(
      'UnreachableKey',
      `A browser cannot ask for "${key}": it takes "." and ".." out of addresses.`,
    )
  const path = bucket === undefined ? '/' : `/${bucket}${key === undefined ? '' : `/${key}`}`
  return await send(sender, { ...call, service: 's3', path })
}

/** Sends a request to S3 whose answer is a document. */
export async function sendS3ForXml(sender: Sender, call: S3Call): Promise<Element> {
  return parseXml(await (await sendS3(sender, call)).text())
}
