import { enumeration, structure } from '../../shape.ts'

export const VersioningConfiguration = structure(
  { Status: enumeration(['Enabled', 'Suspended']), MfaDelete: enumeration(['Enabled', 'Disabled']) },
  { name: 'VersioningConfiguration' },
)
