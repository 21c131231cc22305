import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import {
  AssumedRoleUser,
  Credentials,
  DurationSeconds,
  PackedPolicySize,
  RoleArn,
  RoleSessionName,
  SessionPolicy,
} from './shapes.ts'

/** Gives temporary credentials of a role to an access key of its account. */
export const assumeRole = operation('AssumeRole', {
  doc: 'Gives temporary credentials of a role, which may do what the access key that asks, the role and the policy given here all allow.',
  input: structure(
    {
      RoleArn: required(RoleArn),
      RoleSessionName: required(RoleSessionName),
      Policy: optional(SessionPolicy),
      DurationSeconds: optional(DurationSeconds),
    },
    { name: 'AssumeRoleRequest' },
  ),
  output: structure(
    {
      Credentials: required(Credentials),
      AssumedRoleUser: required(AssumedRoleUser),
      PackedPolicySize,
    },
    { name: 'AssumeRoleResponse' },
  ),
  errors: ['MalformedPolicyDocument', 'PackedPolicyTooLarge'],
})
