// What access keys cost: CPU time of a GET of 4 KiB with a key of a bucket, with application keys, and without the table of who uses a key, in turns;
// then the same, a page of the listing and a creation, with few keys in the account and with many.
// Built first, since what runs TypeScript directly wraps each function:
//   npx esbuild benchmarks/access-keys.ts --bundle --platform=node --format=esm --packages=external --loader:.sql=text --outfile=dist/access-keys.mjs
//   node dist/access-keys.mjs [--keys 100000] [--rounds 61]
import type { ClientCredentials } from '../src/auth/sign-request.ts'
import { createAccessKey } from '../src/service/access-keys/create-access-key.ts'
import { createAccount } from '../src/service/accounts/create-account.ts'
import { createKey } from '../src/service/application-keys/create-key.ts'
import { listKeys } from '../src/service/application-keys/list-keys.ts'
import { createBucket } from '../src/service/buckets/create-bucket.ts'
import { requestBytes, withInProcessServer } from './load/in-process-server.ts'
import { measurePaired, median, numberOption } from './load/paired-rounds.ts'
import { send } from './load/wire.ts'

/** In a turn: short, so that all variants meet the same of what else the machine does. */
const REQUESTS = 500
const OBJECTS = 500
const FEW_KEYS = 1_000
const bucketName = 'bench'
const keys = numberOption('--keys', 100_000)
const rounds = numberOption('--rounds', 61)

await withInProcessServer(
  'access-keys',
  { 'application-keys-per-account-max': '10000000' },
  async (server) => {
    const { context, region } = server
    const counted = send(server.listener(), 200)
    const uncounted = send(server.listener({ countsUses: false }), 200)
    const { account, rootKey } = await createAccount(context, 'bench')
    const caller = { accountId: account.accountId, region }
    await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
    const requestsOf = (credentials: ClientCredentials, method: 'GET' | 'PUT'): Buffer[] =>
      Array.from({ length: OBJECTS }, (_, index) =>
        requestBytes(server, credentials, { method, bucketName, objectKey: `folder/object-${index}` }),
      )
    await counted(requestsOf(rootKey, 'PUT'))

    const makeKey = async (name: string, bounds: object): Promise<ClientCredentials> => {
      const { key, secretAccessKey } = await createKey(context, caller, { name, ...bounds })
      return { accessKeyId: key.accessKeyId, secretAccessKey }
    }
    const bucketKey = await createAccessKey(context, caller, bucketName)
    const ofBucket = requestsOf({ ...bucketKey.accessKey, secretAccessKey: bucketKey.secretAccessKey }, 'GET')
    const bounds = { buckets: [bucketName], rights: ['read'], prefixes: ['folder/'] }
    const policy = `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::${bucketName}/folder/*"}]}`
    const ofRights = requestsOf(await makeKey('reader', bounds), 'GET')
    const ofPolicy = requestsOf(await makeKey('policy', { policy }), 'GET')
    const variants = [
      { title: 'key of a bucket', sendAll: counted, requests: ofBucket },
      { title: 'the same, uses not counted', sendAll: uncounted, requests: ofBucket },
      { title: 'application key of rights', sendAll: counted, requests: ofRights },
      { title: 'application key of a policy', sendAll: counted, requests: ofPolicy },
    ]
    // What the table costs in the background is part of its cost; a server writes it every 10 seconds.
    const after = (round: number) => (round % 20 === 19 ? server.flushKeyUses() : Promise.resolve())

    /** Milliseconds of a page of the listing and of a creation, median. */
    const measureKeys = async (count: number): Promise<void> => {
      const [pages, creations]: [number[], number[]] = [[], []]
      for (let at = 0; at < 200; at++) {
        let before = performance.now()
        await listKeys(context, caller, { namePrefix: `many-${at % 10}` })
        pages.push(performance.now() - before)
        before = performance.now()
        await makeKey(`${count}-${at}`, bounds)
        creations.push(performance.now() - before)
      }
      process.stdout.write(
        `${count} keys: a page of 100 ${median(pages).toFixed(2)} ms, a creation ${median(creations).toFixed(2)} ms\n`,
      )
    }

    process.stdout.write(`node ${process.version}\n`)
    let made = 0
    for (const count of [FEW_KEYS, keys]) {
      for (; made < count; made += 50)
        await Promise.all(
          Array.from({ length: Math.min(50, count - made) }, (_, index) =>
            makeKey(`many-${made + index}`, bounds),
          ),
        )
      await measurePaired(`${count} keys: µs of CPU time a GET of 4 KiB`, variants, {
        rounds,
        requests: REQUESTS,
        after,
      })
      await measureKeys(count)
    }
  },
)
