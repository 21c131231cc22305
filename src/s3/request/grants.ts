import type { Grantee } from '../../service/records/bucket.ts'
import { invalidArgument } from './argument-errors.ts'

type GroupGrantee = Extract<Grantee, { type: 'group' }>

const GROUP_URIS: ReadonlyMap<string, GroupGrantee['group']> = new Map([
  ['http://acs.amazonaws.com/groups/global/AllUsers', 'AllUsers'],
  ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers', 'AuthenticatedUsers'],
  ['http://acs.amazonaws.com/groups/s3/LogDelivery', 'LogDelivery'],
])

/** The group that S3 knows under this URI. Throws `InvalidArgument`. */
export function groupGrantee(uri: string): GroupGrantee {
  const grantee = findGroup(uri)
  if (!grantee) throw invalidArgument('Group/URI', uri, 'Invalid group uri')
  return grantee
}

/** The group that S3 knows under this URI; null when it knows none. */
export function findGroup(uri: string): GroupGrantee | null {
  const group = GROUP_URIS.get(uri)
  return group === undefined ? null : { type: 'group', group }
}

/** The URI under which S3 shows a group. */
export function groupUri(group: GroupGrantee['group']): string {
  for (const [uri, known] of GROUP_URIS) if (known === group) return uri
  throw new RangeError(`group ${group} has no URI`)
}
