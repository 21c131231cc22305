import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newBucketLocation, toldLocation } from './bucket-location.ts'

describe('the location of a new bucket', () => {
  const table: readonly (readonly [
    addressed: string,
    wanted: string,
    outcome: readonly [region: string, told: string] | 'LocationElsewhere' | 'NoSuchLocation',
  ])[] = [
    ['us-east-1', '', ['us-east-1', '']],
    ['us-east-1', 'us-east-1', ['us-east-1', '']],
    ['us-east-1', 'eu-west-1', ['eu-west-1', 'eu-west-1']],
    ['us-east-1', 'EU', ['eu-west-1', 'EU']],
    ['us-east-1', 'us-gov-west-1', ['us-gov-west-1', 'us-gov-west-1']],
    ['us-east-1', 'nowhere', 'NoSuchLocation'],
    ['us-east-1', 'eu', 'NoSuchLocation'],
    ['us-east-1', 'eu-west-1a', 'NoSuchLocation'],
    ['us-east-1', ' eu-west-1', 'NoSuchLocation'],
    ['eu-west-1', '', ['eu-west-1', 'eu-west-1']],
    ['eu-west-1', 'eu-west-1', ['eu-west-1', 'eu-west-1']],
    ['eu-west-1', 'EU', ['eu-west-1', 'EU']],
    ['eu-west-1', 'us-east-1', 'LocationElsewhere'],
    ['eu-west-1', 'eu-west-2', 'LocationElsewhere'],
    ['eu-west-1', 'nowhere', 'LocationElsewhere'],
    ['here', 'here', ['here', 'here']],
  ]
  for (const [addressed, wanted, outcome] of table)
    it(`in ${addressed}, where "${wanted}" is asked for, is ${String(outcome)}`, () => {
      if (typeof outcome === 'string')
        assert.throws(() => newBucketLocation(addressed, wanted), {
          kind: outcome,
          fields: { locationConstraint: wanted },
        })
      else {
        const location = newBucketLocation(addressed, wanted)
        assert.deepEqual([location.region, toldLocation(location)], outcome)
      }
    })
})
