import { operation } from '../operation.ts'
import { optional, required, string, structure } from '../shape.ts'
import {
  AssumedRoleUser,
  Credentials,
  DurationSeconds,
  PackedPolicySize,
  RoleArn,
  RoleSessionName,
  SessionPolicy,
} from './shapes.ts'

/** Gives temporary credentials of a role to who shows a token of an issuer that it trusts. The request is not signed. */
export const assumeRoleWithWebIdentity = operation('AssumeRoleWithWebIdentity', {
  doc: 'Gives temporary credentials of a role to whoever shows an OpenID Connect token that it trusts.',
  input: structure(
    {
      RoleArn: required(RoleArn),
      RoleSessionName: required(RoleSessionName),
      WebIdentityToken: required(string({ lengthMin: 4, lengthMax: 20_000, isSensitive: true })),
      Policy: optional(SessionPolicy),
      DurationSeconds: optional(DurationSeconds),
    },
    { name: 'AssumeRoleWithWebIdentityRequest' },
  ),
  output: structure(
    {
      Credentials: required(Credentials),
      SubjectFromWebIdentityToken: required(string()),
      AssumedRoleUser: required(AssumedRoleUser),
      PackedPolicySize,
      Provider: required(string()),
      Audience: required(string()),
    },
    { name: 'AssumeRoleWithWebIdentityResponse' },
  ),
  errors: [
    'MalformedPolicyDocument',
    'PackedPolicyTooLarge',
    'IDPRejectedClaim',
    'IDPCommunicationError',
    'InvalidIdentityToken',
    'ExpiredTokenException',
  ],
})
