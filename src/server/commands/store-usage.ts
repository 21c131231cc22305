import { readBundleUsage, type BundleUsage } from '../../service/usage/bundle-usage.ts'
import type { CommandArguments } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { printJson, printTable, wantsJson } from './output.ts'
import { withStore } from './store-session.ts'

const HEADINGS = ['ACCOUNT', 'REGION', 'BUCKET', 'BUNDLE', 'OBJECTS', 'STORED', 'SENT THIS MONTH', 'RECEIVED']

/** `lugsail store usage`: what each bucket uses of its bundle. */
export const storeUsage = (context: CommandContext, line: CommandArguments): Promise<number> =>
  withStore(context, line, async ({ context: service }) => {
    const isJson = wantsJson(line)
    const usages: BundleUsage[] = []
    for await (const usage of readBundleUsage(service)) usages.push(usage)
    if (isJson) printJson({ buckets: usages.map(describe) })
    else printTable(HEADINGS, usages.map(rowOf))
    return 0
  })

const describe = ({ bucket, ...usage }: BundleUsage) => ({
  accountId: bucket.accountId,
  region: bucket.region,
  bucketName: bucket.name,
  bundleId: bucket.bundleId,
  ...usage,
})

const rowOf = ({ bucket, ...usage }: BundleUsage): string[] => [
  bucket.accountId,
  bucket.region,
  bucket.name,
  bucket.bundleId,
  String(usage.objects),
  share(usage.storedBytes, usage.storageBytesMax),
  share(usage.sentBytes, usage.transferBytesMax),
  gigabytes(usage.receivedBytes),
]

const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(3)} GB`

const share = (bytes: number, bytesMax: number): string =>
  bytesMax === Infinity ? gigabytes(bytes) : `${gigabytes(bytes)} of ${bytesMax / 1024 ** 3}`
