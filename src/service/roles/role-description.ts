import { TRUSTS_LENGTH_MAX } from '../../model/lugsail/role-shapes.ts'
import {
  invalid,
  readKeyDescription,
  type DescribedKey,
  type KeyDescription,
} from '../application-keys/key-description.ts'
import type { ServiceContext } from '../context.ts'
import type { RoleRecord } from '../records/role.ts'
import { checkTrust } from './check-trust.ts'

/** What a role is to have, as its account says it. */
export interface RoleDescription extends KeyDescription {
  readonly sessionSecondsMax?: number | undefined
  readonly trusts?: readonly TrustDescription[] | undefined
}

/** As the input of the API has it. */
interface TrustDescription {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly authorizedParties?: readonly string[] | undefined
  readonly subjects: readonly string[]
  readonly claims?: readonly { readonly name: string; readonly values: readonly string[] }[] | undefined
}

type DescribedRole = DescribedKey & Partial<Pick<RoleRecord, 'sessionSecondsMax' | 'trusts'>>

/**
 * Checks what is given of a description and makes of it what is stored. What is not given is not there. Throws `InvalidApplicationKey` naming the
 * member, and what a key's description throws.
 */
export async function readRoleDescription(
  context: ServiceContext,
  accountId: string,
  { sessionSecondsMax, trusts, ...given }: RoleDescription,
): Promise<DescribedRole> {
  const described = await readKeyDescription(context, accountId, given)
  return {
    ...described,
    ...(sessionSecondsMax !== undefined && { sessionSecondsMax }),
    ...(trusts && { trusts: readTrusts(context, trusts) }),
  }
}

function readTrusts(
  context: ServiceContext,
  trusts: readonly TrustDescription[],
): NonNullable<RoleRecord['trusts']> {
  if (trusts.length === 0) throw invalid('trusts must name at least one; they are left out, or removed')
  const read = trusts.map(({ issuer, audiences, authorizedParties, subjects, claims }) => ({
    issuer,
    audiences,
    ...(authorizedParties && { authorizedParties }),
    subjects,
    ...(claims && { claims }),
  }))
  // A role is read with each request of its sessions.
  const { length } = JSON.stringify(read)
  if (length > TRUSTS_LENGTH_MAX)
    throw invalid(`trusts have at most ${TRUSTS_LENGTH_MAX} characters together, got ${length}`)
  for (const trust of read) checkTrust(context.settings, trust)
  return read
}
