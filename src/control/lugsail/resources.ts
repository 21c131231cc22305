import type { createResource as createResourceOperation } from '../../model/lugsail/create-resource.ts'
import type { deleteResource as deleteResourceOperation } from '../../model/lugsail/delete-resource.ts'
import type { getResources as getResourcesOperation } from '../../model/lugsail/get-resources.ts'
import type { AccountResource as AccountResourceShape } from '../../model/lugsail/shapes.ts'
import type { ValueOf } from '../../model/shape.ts'
import { findAccount } from '../../service/accounts/read-accounts.ts'
import type { Caller } from '../../service/caller.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { ResourceRecord } from '../../service/records/resource.ts'
import { addResource } from '../../service/resources/add-resource.ts'
import { deleteResource } from '../../service/resources/delete-resource.ts'
import { listResources } from '../../service/resources/list-resources.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { toRegion } from '../region.ts'

/** Makes a resource. Throws `InvalidInputException` when the name is taken, and `NotFoundException` for the account. */
export const handleCreateResource: OperationHandler<typeof createResourceOperation> = async (
  { service, caller },
  { resourceName, accountName },
) => {
  const owner = await ownerOf(service, caller, accountName)
  const { resource, key } = await addResource(service, owner, resourceName)
  return { resource: presentResource(resource), accessKey: key }
}

/** Shows the resources of the region. Throws `NotFoundException` for the account. */
export const handleGetResources: OperationHandler<typeof getResourcesOperation> = async (
  { service, caller },
  { accountName },
) => {
  const { accountId, region } = await ownerOf(service, caller, accountName)
  return { resources: (await listResources(service, accountId, region)).map(presentResource) }
}

/** Forgets a resource. Throws `NotFoundException`. */
export const handleDeleteResource: OperationHandler<typeof deleteResourceOperation> = async (
  { service, caller },
  { resourceName, accountName },
) => {
  await deleteResource(service, await ownerOf(service, caller, accountName), resourceName)
  return {}
}

async function ownerOf(
  service: ServiceContext,
  caller: Caller,
  accountName: string | undefined,
): Promise<Caller> {
  if (accountName === undefined) return caller
  const { record } = await findAccount(service, accountName)
  return { ...caller, accountId: record.accountId }
}

function presentResource(record: ResourceRecord): ValueOf<typeof AccountResourceShape> {
  const { name, accountId, region, resourceType, createdAt, accessKeyId } = record
  return { resourceName: name, accountId, region: toRegion(region), resourceType, createdAt, accessKeyId }
}
