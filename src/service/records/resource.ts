import { recordCodec } from './codec.ts'

/** A resource of an account (an instance, say) that buckets can be opened to. It has an access key of its own. */
export interface ResourceRecord {
  readonly name: string
  readonly accountId: string
  readonly region: string
  readonly resourceType: 'Instance'
  readonly createdAt: number
  readonly accessKeyId: string
}

/** The stored form of a resource. */
export const resourceCodec = recordCodec<ResourceRecord>('resource', 1)
