import { SESSION_SECONDS } from '../lugsail/role-shapes.ts'
import { integer, required, string, structure, timestamp } from '../shape.ts'

/** Temporary credentials. */
export const Credentials = structure(
  {
    AccessKeyId: required(string()),
    SecretAccessKey: required(string({ isSensitive: true })),
    SessionToken: required(string({ isSensitive: true })),
    Expiration: required(timestamp({ format: 'iso8601', isWholeSeconds: true })),
  },
  { name: 'Credentials' },
)

/** Who somebody is who took a role. */
export const AssumedRoleUser = structure(
  { AssumedRoleId: required(string()), Arn: required(string()) },
  { name: 'AssumedRoleUser' },
)

/** The name of a role, as IAM writes it. */
export const RoleArn = string({
  lengthMin: 20,
  lengthMax: 2_048,
  pattern: /^[\t\n\r\x20-\x7e\x85\xa0-\ud7ff]+$/,
})

/** What somebody calls their session. */
export const RoleSessionName = string({ lengthMin: 2, lengthMax: 64, pattern: /^[\w+=,.@-]*$/ })

/** The policy that a session is kept to. */
export const SessionPolicy = string({ lengthMin: 1, lengthMax: 2_048 })

/** For how long credentials are asked for. */
export const DurationSeconds = integer({ min: SESSION_SECONDS.min, max: SESSION_SECONDS.max })

/** The share of the room for policies in a token that a policy takes, in per cent. */
export const PackedPolicySize = integer()
