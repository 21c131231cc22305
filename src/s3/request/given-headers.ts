import type { IncomingHttpHeaders } from 'node:http'
import type { KnownState } from '../../model/s3/right.ts'
import type { RequestFacts } from '../../service/authorization/request-facts.ts'
import type { UploadRecord } from '../../service/records/upload.ts'
import { givesPublicAcl } from './request-facts.ts'

const ACL_NAME = /^x-amz-(?:acl$|grant-)/
const GIVEN_NAME =
  /^x-amz-(?:acl$|grant-|tagging$|object-lock-|server-side-encryption$|server-side-encryption-customer-algorithm$|storage-class$|website-redirect-location$)/

/** The headers that give an upload what its object will have and policies look at; undefined when there are none. */
export function givenHeaders(headers: IncomingHttpHeaders): Record<string, string> | undefined {
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

/** The facts of a request that completes an upload, as if it gave the object all that the upload was begun with. */
export function factsOfCompletion(facts: RequestFacts, upload: UploadRecord): RequestFacts {
  const headers = { ...facts.headers, ...upload.givenHeaders }
  return {
    ...facts,
    headers,
    givesPublicAcl: givesPublicAcl(headers),
    ...(upload.tags && { requestTags: upload.tags }),
  }
}

/** What a request that goes on with an upload changes of its facts: what the upload was begun with stands in the place of its own headers. */
export function factsOfContinuation(
  headers: IncomingHttpHeaders,
  upload: UploadRecord,
): Pick<RequestFacts, 'headers' | 'requestTags'> {
  const given: Record<string, string | undefined> = {}
  for (const name in headers) if (GIVEN_NAME.test(name)) given[name] = undefined
  return { headers: { ...given, ...upload.givenHeaders }, requestTags: upload.tags ?? [] }
}
