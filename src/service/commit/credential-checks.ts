import type { Change } from '../../storage/metadata-store.ts'
import type { CredentialState } from '../admission.ts'

/** That the key by which a change was asked for, and the role that it took, are still as they were read, as checks of a commit. */
export function credentialChecks({ key, version, role }: CredentialState): NonNullable<Change['checks']> {
  return role ? [{ key, version }, role] : [{ key, version }]
}
