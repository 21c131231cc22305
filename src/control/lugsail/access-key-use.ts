import type { getAccessKeyUse as getAccessKeyUseOperation } from '../../model/lugsail/get-access-key-use.ts'
import { invalid } from '../../service/application-keys/key-description.ts'
import { idsOf, readKey } from '../../service/application-keys/read-key.ts'
import { requireKeyOrUses } from '../../service/key-uses/require-key-or-uses.ts'
import { readKeyUses } from '../../service/key-uses/read-key-uses.ts'
import type { OperationHandler } from '../operation-handler.ts'

/** What stands in the place of an address where several users are told of together. */
const OTHERS = 'others'

/** Shows who used an access key of the account. Throws `InvalidInputException` and `NotFoundException`. */
export const handleGetAccessKeyUse: OperationHandler<typeof getAccessKeyUseOperation> = async (
  { service, caller: { accountId }, keyUses },
  { name, accessKeyId, since, pageToken },
) => {
  if ((name === undefined) === (accessKeyId === undefined))
    throw invalid('Name the key: either name, of an application key, or accessKeyId')
  const accessKeyIds =
    name === undefined ? [accessKeyId ?? ''] : idsOf((await readKey(service, accountId, name)).names)
  // What this process has gathered is shown at once.
  await keyUses.flush()
  const { uses, nextPageToken } = await readKeyUses(service, { accountId, accessKeyIds, since, pageToken })
  if (name === undefined && uses.length === 0) await requireKeyOrUses(service, accountId, accessKeyId ?? '')
  return {
    uses: uses.map(({ dayBegan, isOthers, address, ...use }) => ({
      ...use,
      day: new Date(dayBegan).toISOString().slice(0, 10),
      address: isOthers ? OTHERS : address,
      bytes: use.receivedBytes + use.sentBytes,
    })),
    ...(nextPageToken !== undefined && { nextPageToken }),
  }
}
