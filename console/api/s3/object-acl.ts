import { ApiError } from '../api-error.ts'
import type { Sender } from '../send.ts'
import { versionQuery, type ObjectAddress } from './objects.ts'
import { sendS3ForXml } from './request.ts'
import { childrenOf, childText, find } from './xml.ts'

const GROUP = 'http://acs.amazonaws.com/groups/'
const HEADERS: Readonly<Partial<Record<string, string>>> = {
  READ: 'x-amz-grant-read',
  WRITE: 'x-amz-grant-write',
  READ_ACP: 'x-amz-grant-read-acp',
  WRITE_ACP: 'x-amz-grant-write-acp',
  FULL_CONTROL: 'x-amz-grant-full-control',
}

/**
 * The headers by which a copy gets the ACL that an object has (GetObjectAcl), which copying leaves out: none where it is its owner's alone, or where the
 * key at hand may not read it. Throws ApiError.
 */
export async function aclHeaders(
  sender: Sender,
  { versionId, ...address }: ObjectAddress,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const query = { acl: '', ...versionQuery({ versionId }) }
  try {
    return headersOf(await sendS3ForXml(sender, { method: 'GET', ...address, query, signal }))
  } catch (error) {
    if (error instanceof ApiError && error.code === 'AccessDenied') return {}
    throw error
  }
}

/** The headers that give the grants of an ACL's document. */
function headersOf(document: Element): Readonly<Record<string, string>> {
  const owner = find(document, 'Owner')
  const ownerId = owner && childText(owner, 'ID')
  const list = find(document, 'AccessControlList')
  const grants = (list ? childrenOf(list, 'Grant') : []).map((grant) => {
    const grantee = find(grant, 'Grantee')
    return {
      id: grantee && childText(grantee, 'ID'),
      uri: grantee && childText(grantee, 'URI'),
      permission: childText(grant, 'Permission') ?? '',
    }
  })
  const others = grants.filter(({ id, permission }) => id !== ownerId || permission !== 'FULL_CONTROL')
  if (others.length === 0) return {}
  // What a bucket without ACLs of its own takes is this one alone.
  if (others.every(({ uri, permission }) => uri === `${GROUP}global/AllUsers` && permission === 'READ'))
    return { 'x-amz-acl': 'public-read' }
  const headers: Record<string, string> = {}
  for (const { id, uri, permission } of grants) {
    const name = HEADERS[permission]
    if (name === undefined) continue
    const grantee = uri === null ? `id="${id ?? ''}"` : `uri="${uri}"`
    headers[name] = headers[name] === undefined ? grantee : `${headers[name]}, ${grantee}`
  }
  return headers
}
