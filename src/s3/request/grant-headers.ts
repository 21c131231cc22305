import { GRANTS_MAX } from '../../model/s3/shapes/acl.ts'
import { isPublicGroup } from '../../service/authorization/access-control-list.ts'
import { resolveGrants, type NamedGrant } from '../../service/authorization/resolve-grants.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { AccessControlList, AclPermission } from '../../service/records/bucket.ts'
import { findGroup, groupGrantee } from './grants.ts'
import { invalidArgument } from './argument-errors.ts'

/** Grants in headers, under the names they have in inputs. */
export interface GrantHeadersInput {
  readonly GrantFullControl?: string | undefined
  readonly GrantRead?: string | undefined
  readonly GrantReadACP?: string | undefined
  readonly GrantWrite?: string | undefined
  readonly GrantWriteACP?: string | undefined
}

/** Whether a request has grants in headers. */
export function hasGrantHeaders(input: GrantHeadersInput): boolean {
  return headersOf(input).some(([text]) => text !== undefined)
}

/**
 * Each header's grants: `id="…", uri="…"`. Null when the request has none. Throws `InvalidArgument` for what names no grantee, and as
 * resolveGrants.
 */
export async function parseGrantHeaders(
  context: ServiceContext,
  input: GrantHeadersInput,
): Promise<AccessControlList['grants'] | null> {
  if (!hasGrantHeaders(input)) return null
  const grants: NamedGrant[] = []
  for (const [text, permission] of headersOf(input))
    for (const item of text?.split(',', GRANTS_MAX + 1) ?? [])
      grants.push({ grantee: parseGrantee(item, permission), permission })
  return await resolveGrants(context, grants)
}

function headersOf(input: GrantHeadersInput): readonly [string | undefined, AclPermission][] {
  return [
    [input.GrantRead, 'READ'],
    [input.GrantWrite, 'WRITE'],
    [input.GrantReadACP, 'READ_ACP'],
    [input.GrantWriteACP, 'WRITE_ACP'],
    [input.GrantFullControl, 'FULL_CONTROL'],
  ]
}

/** Whether a header grants anything to a public group. What is no grant in it grants nothing: an operation that takes the header refuses it. */
export function grantsToPublic(text: string): boolean {
  return text.split(',', GRANTS_MAX + 1).some((item) => {
    const { kind, value } = readItem(item)
    const group = kind === 'uri' ? findGroup(value) : null
    return group !== null && isPublicGroup(group)
  })
}

function parseGrantee(item: string, permission: AclPermission): NamedGrant['grantee'] {
  const { kind, value } = readItem(item)
  if (kind === 'id') return { type: 'canonical-user', id: value }
  if (kind === 'uri') return groupGrantee(value)
  if (kind === 'emailAddress') return { type: 'email' }
  const header = `x-amz-grant-${permission.toLowerCase().replace('_', '-')}`
  throw invalidArgument(
    header,
    item,
    'Argument format not recognized: a grantee is named by id, uri or emailAddress.',
  )
}

function readItem(item: string): { readonly kind: string; readonly value: string } {
  const equals = item.indexOf('=')
  const kind = item.slice(0, Math.max(equals, 0)).trim()
  const value = item
    .slice(equals + 1)
    .trim()
    .replace(/^"|"$/g, '')
  return { kind, value }
}
