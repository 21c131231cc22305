import type { ServiceContext } from '../../service/context.ts'
import type { AccessControlList, AclPermission, Grantee } from '../../service/records/bucket.ts'
import { accountIdOf } from '../accounts.ts'
import { invalidArgument } from './read-input.ts'

/** Grants in headers, under the names they have in inputs. */
export interface GrantHeadersInput {
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
}

const GRANTS_MAX = 100

const GROUP_URIS: ReadonlyMap<string, Extract<Grantee, { type: 'group' }>['group']> = new Map([
  ['http://acs.amazonaws.com/groups/global/AllUsers', 'AllUsers'],
  ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'AuthenticatedUsers'],
  ['http://acs.amazonaws.com/groups/s3/LogDelivery', 'LogDelivery'],
])

/** Each header's grants: `id="…", uri="…"`. Null when the request has none. Throws `InvalidArgument` for a grantee that is unknown. */
export async function parseGrantHeaders(
  context: ServiceContext,
  input: GrantHeadersInput,
): Promise<AccessControlList['grants'] | null> {
  const headers: [string | undefined, AclPermission][] = [
    [input.GrantRead, 'READ'],
    [input.GrantWrite, 'WRITE'],
    [input.GrantReadACP, 'READ_ACP'],
    [input.GrantWriteACP, 'WRITE_ACP'],
    [input.GrantFullControl, 'FULL_CONTROL'],
  ]
  if (headers.every(([text]) => text === undefined)) return null
  const grants: AccessControlList['grants'][number][] = []
  for (const [text, permission] of headers)
    for (const item of text?.split(',', GRANTS_MAX + 1) ?? [])
      grants.push({ grantee: await parseGrantee(context, item), permission })
  if (grants.length > GRANTS_MAX)
    throw invalidArgument('x-amz-grant', '', `An ACL may have ${GRANTS_MAX} grants.`)
  return grants
}

async function parseGrantee(context: ServiceContext, item: string): Promise<Grantee> {
  const equals = item.indexOf('=')
  const kind = item.slice(0, Math.max(equals, 0)).trim()
  const value = item
    .slice(equals + 1)
    .trim()
    .replace(/^"|"$/g, '')
  if (kind === 'id') return accountGrantee(context, value)
  if (kind === 'uri') return groupGrantee(value)
  throw invalidArgument('x-amz-grant', item, 'A grantee is named by id or uri.')
}

/** The account that S3 knows under this canonical id. Throws `InvalidArgument`. */
export async function accountGrantee(context: ServiceContext, canonicalUserId: string): Promise<Grantee> {
  const accountId = await accountIdOf(context, canonicalUserId)
  if (accountId === null) throw invalidArgument('CanonicalUser/ID', canonicalUserId, 'Invalid id')
  return { type: 'account', accountId }
}

/** The group that S3 knows under this URI. Throws `InvalidArgument`. */
export function groupGrantee(uri: string): Grantee {
  const group = GROUP_URIS.get(uri)
  if (group === undefined) throw invalidArgument('Group/URI', uri, 'Invalid group uri')
  return { type: 'group', group }
}

/** The URI under which S3 shows a group. */
export function groupUri(group: Extract<Grantee, { type: 'group' }>['group']): string {
  for (const [uri, known] of GROUP_URIS) if (known === group) return uri
  throw new RangeError(`group ${group} has no URI`)
}
