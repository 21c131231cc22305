import { randomUUID } from 'node:crypto'
import type { LifecycleRule as RuleShape } from '../../model/s3/settings/lifecycle.ts'
import type { ValueOf } from '../../model/shape.ts'
import { S3Error } from '../s3-error.ts'
import { checkRuleDate } from '../../service/lifecycle/check-rules.ts'
import type { LifecycleRule } from '../../service/records/bucket.ts'
import { givenTags } from './given-tags.ts'

type GivenRule = ValueOf<typeof RuleShape>

/** A lifecycle rule as it is stored. A rule without an id gets one. Throws `MalformedXML`, `InvalidArgument`; `NotImplemented` for transitions. */
export function lifecycleRule(given: GivenRule): LifecycleRule {
  const { Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = given
  refuseTransitions(given)
  if ((given.Prefix === undefined) === (Filter === undefined))
    throw new S3Error('MalformedXML', 'A rule has either a Filter or the older Prefix.')
  const daysAfterInitiation = AbortIncompleteMultipartUpload?.DaysAfterInitiation
  if (AbortIncompleteMultipartUpload && daysAfterInitiation === undefined)
    throw new S3Error('MalformedXML', 'AbortIncompleteMultipartUpload needs DaysAfterInitiation.')
  return {
    id: given.ID || randomUUID(),
    status: given.Status,
    ...(given.Prefix === undefined
      ? filterOf(Filter ?? {})
      : { prefix: given.Prefix, hasTopLevelPrefix: true }),
    ...(Expiration && {
      expiration: {
        ...(Expiration.Days !== undefined && { days: Expiration.Days }),
        ...(Expiration.Date !== undefined && { date: Expiration.Date }),
        ...(Expiration.ExpiredObjectDeleteMarker !== undefined && {
          expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker,
        }),
      },
    }),
    ...(NoncurrentVersionExpiration && {
      noncurrentVersionExpiration: {
        ...(NoncurrentVersionExpiration.NoncurrentDays !== undefined && {
          noncurrentDays: NoncurrentVersionExpiration.NoncurrentDays,
        }),
        ...(NoncurrentVersionExpiration.NewerNoncurrentVersions !== undefined && {
          newerNoncurrentVersions: NoncurrentVersionExpiration.NewerNoncurrentVersions,
        }),
      },
    }),
    ...(daysAfterInitiation !== undefined && { abortIncompleteMultipartUpload: { daysAfterInitiation } }),
  }
}

/** Transitions are not offered; what is wrong with them is said first, as it would be where they are. */
function refuseTransitions({ ID, Transitions, NoncurrentVersionTransitions }: GivenRule): void {
  if (!Transitions && !NoncurrentVersionTransitions) return
  for (const { Date: date } of Transitions ?? []) if (date !== undefined) checkRuleDate(ID ?? '', date)
  throw new S3Error('NotImplemented', 'There is one storage class, so no rule moves objects to another.')
}

type Conditions = Pick<LifecycleRule, 'prefix' | 'tags' | 'sizeGreaterThanBytes' | 'sizeLessThanBytes'>

function filterOf({ And, Tag, ...single }: NonNullable<GivenRule['Filter']>): Conditions {
  const alone = [single.Prefix, single.ObjectSizeGreaterThan, single.ObjectSizeLessThan, Tag, And]
  if (alone.filter((value) => value !== undefined).length > 1)
    throw new S3Error('MalformedXML', 'A Filter has one condition, or several in And.')
  const { Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan } = And ?? single
  const tags = And?.Tags ?? (Tag && [Tag])
  return {
    ...(Prefix !== undefined && { prefix: Prefix }),
    ...(tags && { tags: givenTags(tags) }),
    ...(ObjectSizeGreaterThan !== undefined && { sizeGreaterThanBytes: ObjectSizeGreaterThan }),
    ...(ObjectSizeLessThan !== undefined && { sizeLessThanBytes: ObjectSizeLessThan }),
  }
}

/** A stored rule as S3 shows it. */
export function shownRule(rule: LifecycleRule): GivenRule {
  const { expiration, noncurrentVersionExpiration, abortIncompleteMultipartUpload } = rule
  return {
    ID: rule.id,
    Status: rule.status,
    ...(rule.hasTopLevelPrefix ? { Prefix: rule.prefix } : { Filter: shownFilter(rule) }),
    ...(expiration && {
      Expiration: {
        Days: expiration.days,
        Date: expiration.date,
        ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
      },
    }),
    ...(noncurrentVersionExpiration && {
      NoncurrentVersionExpiration: {
        NoncurrentDays: noncurrentVersionExpiration.noncurrentDays,
        NewerNoncurrentVersions: noncurrentVersionExpiration.newerNoncurrentVersions,
      },
    }),
    ...(abortIncompleteMultipartUpload && {
      AbortIncompleteMultipartUpload: {
        DaysAfterInitiation: abortIncompleteMultipartUpload.daysAfterInitiation,
      },
    }),
  }
}

function shownFilter(rule: LifecycleRule): NonNullable<GivenRule['Filter']> {
  const tags = rule.tags?.map(({ key, value }) => ({ Key: key, Value: value })) ?? []
  const single = {
    ...(rule.prefix !== undefined && { Prefix: rule.prefix }),
    ...(rule.sizeGreaterThanBytes !== undefined && { ObjectSizeGreaterThan: rule.sizeGreaterThanBytes }),
    ...(rule.sizeLessThanBytes !== undefined && { ObjectSizeLessThan: rule.sizeLessThanBytes }),
  }
  const [tag] = tags
  if (Object.keys(single).length + tags.length > 1)
    return { And: { ...single, ...(tags.length > 0 && { Tags: tags }) } }
  return tag ? { Tag: tag } : single
}
