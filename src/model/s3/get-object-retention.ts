import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inQuery, payload } from './bindings.ts'
import { right } from './right.ts'
import { Retention } from './shapes/object-lock.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Shows how long a version is kept. */
export const getObjectRetention = operation('GetObjectRetention', {
  http: { method: 'GET', target: 'object', query: 'retention' },
  rights: [right('s3:GetObjectRetention', 'object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ Retention: payload(Retention, 'Retention') }),
  errors: ['NoSuchObjectLockConfiguration'],
})
