import { IsoDate, StringValue } from '../lightsail/shapes/primitives.ts'
import { enumeration, integer, list, optional, required, string, structure } from '../shape.ts'
import {
  AnyAccessKeyId,
  ApplicationKey,
  ApplicationKeyLastUsed,
  keyBounds,
  keyDescription,
  KeyStatus,
  REMOVABLE,
  SHOWN_CHARACTERS,
} from './access-key-shapes.ts'

/** What a role is called, one in its account; IAM's names. */
export const RoleName = string({
  name: 'RoleName',
  doc: 'The name of a role: 1 to 64 letters, digits and + = , . @ _ - characters.',
  lengthMin: 1,
  lengthMax: 64,
  pattern: /^[\w+=,.@-]+$/,
})

/** Shortest and longest time of a session, in seconds. */
export const SESSION_SECONDS = { min: 900, max: 43_200, default: 3_600 } as const

/** Longest text of all that a role trusts, in characters. */
export const TRUSTS_LENGTH_MAX = 6_144

const Audiences = list(
  string({ name: 'TrustedAudience', lengthMin: 1, lengthMax: 255, pattern: SHOWN_CHARACTERS }),
  { name: 'TrustedAudiences', lengthMax: 10 },
)

const Pattern = string({
  name: 'TrustedPattern',
  lengthMin: 1,
  lengthMax: 512,
  pattern: SHOWN_CHARACTERS,
})

const Subjects = list(Pattern, { name: 'TrustedSubjects', lengthMax: 50 })

const Claim = structure(
  {
    name: required(string({ name: 'ClaimName', lengthMin: 1, lengthMax: 128, pattern: SHOWN_CHARACTERS })),
    values: required(list(Pattern, { name: 'ClaimValues', lengthMax: 20 })),
  },
  { name: 'TrustedClaim' },
)

const Trust = structure(
  {
    issuer: required(
      string({ name: 'TrustedIssuer', lengthMin: 8, lengthMax: 255, pattern: /^https?:\/\/[!-~]+$/ }),
      { doc: 'The URL of the issuer, as its tokens have it in iss.' },
    ),
    audiences: required(Audiences, { doc: 'Audiences, of which a token must have one in aud.' }),
    authorizedParties: optional(Audiences, {
      doc: 'Parties, of which a token must have one in azp: whom it was issued to. Absent: a token that has other audiences besides must have one of audiences there.',
    }),
    subjects: required(Subjects, {
      doc: 'Patterns with * and ?, of which one must match the sub of a token.',
    }),
    claims: optional(list(Claim, { name: 'TrustedClaims', lengthMax: 10 }), {
      doc: 'Further claims that a token must have, each with patterns of which one must match.',
    }),
  },
  {
    name: 'RoleTrust',
    doc: 'Whose OpenID Connect tokens let somebody take a role by AssumeRoleWithWebIdentity.',
  },
)

const Trusts = list(Trust, { name: 'RoleTrusts', lengthMax: 10 })

/** What a role is given when it is made, and what may be changed of it: what application keys have, and who takes it. */
export const roleDescription = {
  ...keyDescription,
  sessionSecondsMax: optional(
    integer({ name: 'SessionSecondsMax', min: SESSION_SECONDS.min, max: SESSION_SECONDS.max }),
    { doc: 'For how many seconds it is taken at most, 900 to 43200; 3600 when absent.' },
  ),
  trusts: optional(Trusts, {
    doc: 'Who outside the account takes the role by a token of OpenID Connect: each with issuer, audiences and subjects. Nobody when absent. Access keys of the account take it without.',
  }),
}

const REMOVABLE_OF_ROLES = [...REMOVABLE, 'trusts'] as const

/** What of a role can be taken away again. */
export const RemovableOfRoles = list(enumeration(REMOVABLE_OF_ROLES, { name: 'RemovableRoleMember' }), {
  name: 'RemovableRoleMembers',
  lengthMax: REMOVABLE_OF_ROLES.length,
})

/** A member of a role that can be taken away. */
export type RemovableOfRole = (typeof REMOVABLE_OF_ROLES)[number]

const { tags, description } = ApplicationKey.members

const RoleLastUsed = structure(
  { ...ApplicationKeyLastUsed.members, accessKeyId: AnyAccessKeyId, sessionName: StringValue },
  {
    name: 'RoleLastUsed',
    doc: 'The last request of a session of the role: as of a key, with the name of the session and the access key that took it; without a key, a token of OpenID Connect was shown. N/A and no date while there was none.',
  },
)

/** A named set of rights that is taken for a time. */
export const Role = structure(
  {
    name: RoleName,
    roleArn: StringValue,
    roleId: StringValue,
    description,
    status: KeyStatus,
    createdAt: IsoDate,
    lastUsed: RoleLastUsed,
    ...keyBounds,
    tags,
    sessionSecondsMax: integer({ name: 'SessionSecondsMax' }),
    trusts: Trusts,
    sessionsSince: IsoDate,
  },
  { name: 'Role', doc: 'Rights and bounds as an application key has them, taken for a time by STS.' },
)

/** Roles by name. */
export const RoleList = list(Role, { name: 'RoleList' })
