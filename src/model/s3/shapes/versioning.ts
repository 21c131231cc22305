import { enumeration, structure } from '../../shape.ts'

/** Whether a bucket keeps older versions; absent when it never did. */
export const VersioningConfiguration = structure(
  { Status: enumeration(['Enabled', 'Suspended']), MfaDelete: enumeration(['Enabled', 'Disabled']) },
  { name: 'VersioningConfiguration' },
)
