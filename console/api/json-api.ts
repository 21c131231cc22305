import type { InputOf, OutputOf } from '../../src/model/operation.ts'
import type { lightsailOperations } from '../../src/model/lightsail/index.ts'
import type { lugsailOperations } from '../../src/model/lugsail/index.ts'
import { send, type Sender } from './send.ts'
import { fromWire, toWire } from './times.ts'

type Operations = typeof lightsailOperations & typeof lugsailOperations

/** The name of an operation of Lightsail's API or of Lugsail's own. */
export type OperationName = keyof Operations

/** What an operation takes and gives. Times are epoch milliseconds. */
export type Input<N extends OperationName> = InputOf<Operations[N]>
/** What an operation gives. */
export type Output<N extends OperationName> = OutputOf<Operations[N]>

/** Of the two APIs' operations, those of Lightsail; `model.test.ts` holds that they are all of them. */
export const LIGHTSAIL_OPERATIONS: ReadonlySet<string> = new Set<keyof typeof lightsailOperations>([
  'CreateBucket',
  'GetBuckets',
  'UpdateBucket',
  'UpdateBucketBundle',
  'DeleteBucket',
  'GetBucketBundles',
  'GetBucketMetricData',
  'CreateBucketAccessKey',
  'GetBucketAccessKeys',
  'DeleteBucketAccessKey',
  'SetResourceAccessForBucket',
  'GetOperation',
  'GetOperations',
  'GetOperationsForResource',
  'TagResource',
  'UntagResource',
])

/** Calls an operation of Lightsail's API or of Lugsail's own in a region. Throws ApiError. */
export async function callOperation<N extends OperationName>(
  sender: Sender,
  name: N,
  input: Input<N>,
  { region, signal }: { readonly region: string; readonly signal?: AbortSignal | undefined },
): Promise<Output<N>> {
  const isLightsail = LIGHTSAIL_OPERATIONS.has(name)
  const response = await send(sender, {
    service: isLightsail ? 'lightsail' : 'lugsail',
    region,
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${isLightsail ? 'Lightsail_20161128' : 'Lugsail_20261201'}.${name}`,
    },
    body: JSON.stringify(toWire(input)),
    isIdempotent: name.startsWith('Get'),
    signal,
  })
  return fromWire(await response.json()) as Output<N>
}
