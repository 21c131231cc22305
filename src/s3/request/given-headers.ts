import type { RequestHeaders } from '../../auth/request-headers.ts'
import type { KnownState } from '../../model/s3/right.ts'
import type { UploadRecord } from '../../service/records/upload.ts'

const ACL_NAME = /^x-amz-(?:acl$|grant-)/
const GIVEN_NAME =
  /^x-amz-(?:acl$|grant-|tagging$|object-lock-|server-side-encryption$|server-side-encryption-customer-algorithm$|storage-class$|website-redirect-location$)/

/** The headers that give an upload what its object will have and policies look at; undefined when there are none. */
export function givenHeaders(headers: RequestHeaders): Record<string, string> | undefined {
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string' && GIVEN_NAME.test(name)) given[name] = value
  return Object.keys(given).length > 0 ? given : undefined
}

/** What an upload was begun with that needs a right of its own. */
export function givenByUpload(upload: UploadRecord): NonNullable<KnownState['upload']> {
  return {
    givesAcl: Object.keys(upload.givenHeaders ?? {}).some((name) => ACL_NAME.test(name)),
    isTagged: (upload.tags ?? []).length > 0,
    isRetained: upload.retention !== undefined,
    isHeld: upload.legalHold !== undefined,
  }
}

/** The headers without those that give an object what it will have. */
export function withoutGiven(headers: RequestHeaders): Record<string, string | string[] | undefined> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !GIVEN_NAME.test(name)))
}
