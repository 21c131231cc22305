import type { LifecycleRule } from '@aws-sdk/client-s3'

/** Whether a rule moves objects to another storage class, of which this server has none. */
export const hasTransitions = ({
  Transitions = [],
  NoncurrentVersionTransitions = [],
}: LifecycleRule): boolean => Transitions.length + NoncurrentVersionTransitions.length > 0

/** A rule without its transitions; undefined: nothing is left of it. */
export function withoutTransitions(rule: LifecycleRule): LifecycleRule | undefined {
  if (!hasTransitions(rule)) return rule
  const rest = { ...rule, Transitions: undefined, NoncurrentVersionTransitions: undefined }
  const isUseful =
    rest.Expiration !== undefined ||
    rest.NoncurrentVersionExpiration !== undefined ||
    rest.AbortIncompleteMultipartUpload !== undefined
  return isUseful ? rest : undefined
}
