import type { ServiceContext } from '../context.ts'
import { resourcesRange } from '../keyspace.ts'
import { resourceCodec } from '../records/resource.ts'
import type { ResourceRecord } from '../records/resource.ts'

const RESOURCES_MAX = 10_000

/** The account's resources by region and name, in one region or (without `region`) in all; at most 10,000. */
export async function listResources(
  context: ServiceContext,
  accountId: string,
  region?: string,
): Promise<ResourceRecord[]> {
  const entries = await context.metadata.scan({ ...resourcesRange(accountId, region), limit: RESOURCES_MAX })
  return entries.map(({ value }) => resourceCodec.decode(value))
}
