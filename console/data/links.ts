import { versionQuery, type ObjectAddress } from '../api/s3/objects.ts'
import { isReachableKey } from '../api/s3/request.ts'
import { ApiError } from '../api/api-error.ts'
import { serverNow } from '../api/send.ts'
import { presign, type Signer } from '../signing/sign-request.ts'

/** What the answer to a link says in place of what the object says. */
interface Overrides {
  readonly 'response-content-disposition'?: string
  readonly 'response-content-type'?: string
}

/** The address of an object that reads it without a signature of its own, for so many seconds. Throws ApiError for keys that browsers cannot ask for. */
export async function objectLink(
  signer: Signer,
  { bucket, region, key, versionId }: ObjectAddress,
  { expiresSeconds, overrides = {} }: { readonly expiresSeconds: number; readonly overrides?: Overrides },
): Promise<string> {
  if (!isReachableKey(key)) throw new ApiError('UnreachableKey', `A browser cannot ask for "${key}".`)
  const target = await presign(
    {
      method: 'GET',
      path: `/${bucket}/${key}`,
      query: { ...versionQuery({ versionId }), ...overrides },
      region,
      host: location.host,
      nowMs: serverNow(),
      expiresSeconds,
    },
    signer,
  )
  return `${location.origin}${target}`
}

/** A Content-Disposition that has a browser save the bytes under a name. */
export function attachmentNamed(name: string): string {
  const plain = name.replace(/[^ -~]|["%\\]/g, '_')
  const exact = encodeURIComponent(name).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
