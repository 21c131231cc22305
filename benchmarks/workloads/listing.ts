import { signedRequest } from '../load/signed-request.ts'
import { sendAll, sendExpecting, type Target, type Workload } from '../load/target.ts'

/** How many keys lie in the listed bucket; peers that store slowly may be given fewer, which flatters them. */
export interface ListedKeys {
  readonly keys: number
  readonly prefixes: number
}

const listedKey = ({ keys, prefixes }: ListedKeys, index: number): string => {
  const perPrefix = Math.ceil(keys / prefixes)
  const prefix = String(Math.floor(index / perPrefix)).padStart(4, '0')
  return `listed/p${prefix}/k${String(index % perPrefix).padStart(6, '0')}`
}

/** Stores the keys of a listing, empty bodies, unless the last one is there already. */
export async function storeListedKeys(target: Target, listed: ListedKeys): Promise<void> {
  const step = 20_000
  for (let from = 0; from < listed.keys; from += step) {
    const requests = Array.from({ length: Math.min(step, listed.keys - from) }, (_, index) =>
      signedRequest(target, { method: 'PUT', path: `/${target.bucket}/${listedKey(listed, from + index)}` }),
    )
    await sendAll(target, requests, 200, 64)
  }
}

const page = (
  name: string,
  query: (listed: ListedKeys, call: number) => string,
  listed: ListedKeys,
): Workload => ({
  name,
  connections: [1, 16],
  bytesPerRequest: 0,
  async prepare(target) {
    const requests = Array.from({ length: 64 }, (_, call) =>
      signedRequest(target, { method: 'GET', path: `/${target.bucket}?${query(listed, call)}` }),
    )
    return {
      requestsPerCall: 1,
      async perform(connection, call) {
        const request = requests[call % requests.length]
        if (!request) return false
        const response = await sendExpecting(connection, request, { status: 200 })
        if (response.bodyBytes < 10_000) throw new Error(`a page of ${response.bodyBytes} bytes is not whole`)
        return true
      },
    }
  },
})

/** A page of 1000 keys from somewhere in the bucket, and the page of all its prefixes. */
export const listingWorkloads = (listed: ListedKeys): readonly Workload[] => [
  page(
    'list 1000, flat',
    (all, call) => {
      const after = listedKey(all, Math.floor((call / 64) * (all.keys - 1001)))
      return `list-type=2&max-keys=1000&prefix=listed%2F&start-after=${encodeURIComponent(after)}`
    },
    listed,
  ),
  page('list 1000, by delimiter', () => 'delimiter=%2F&list-type=2&max-keys=1000&prefix=listed%2F', listed),
]
