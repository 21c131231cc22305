// How long a backup, the next one, reading all of it and a restore take, by the real command, of a store of small objects.
//   npm run build && node --import tsx benchmarks/backup.ts [OBJECTS] [BYTES]
// Prints a line for each; every run of the command is a process of its own, its start included.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/clock.ts'
import { readSettings } from '../src/server/configuration/read.ts'
import { openStore } from '../src/server/store/open-store.ts'
import { bucketKey } from '../src/service/keyspace.ts'
import { putObject } from '../src/service/objects/put-object.ts'
import { bucketCodec } from '../src/service/records/bucket.ts'
import { bucketRecord } from '../test/bucket-record.ts'
import { serverCommand } from '../test/harness/server-command.ts'
import { NO_ATTRIBUTES, wholeBody } from '../test/objects/object-world.ts'

const OBJECTS = Number(process.argv[2] ?? 100_000)
const BYTES = Number(process.argv[3] ?? 4_000)
/** New ones between the two backups. */
const NEW_OBJECTS = OBJECTS / 100
const PUTS_AT_ONCE = 512

const folder = mkdtempSync(join(tmpdir(), 'lugsail-backup-'))
const [data, target, restored] = ['data', 'target', 'restored'].map((name) => join(folder, name))

async function fill(from: number, to: number): Promise<void> {
  const settings = readSettings({ options: new Map([['data', data ?? '']]), environment: {} })
  const store = await openStore({ settings, environment: {}, clock: systemClock, createsWhenMissing: true })
  const { metadata } = store.context
  const record = bucketRecord()
  await metadata.commit({ sets: [{ key: bucketKey(record.name), value: bucketCodec.encode(record) }] })
  const [entry] = await metadata.getMany([bucketKey(record.name)])
  if (!entry) throw new Error('the bucket is not there')
  const admission = {
    principal: { type: 'account', accountId: record.accountId, accessKeyId: 'AKIAROOT' },
    credential: null,
    bucket: { record, version: entry.version },
  } as const
  let next = from
  const put = async (): Promise<void> => {
    for (let index = next++; index < to; index = next++)
      await putObject(store.context, admission, {
        objectKey: `backup/${index % 256}/${index}`,
        body: wholeBody(randomBytes(BYTES)),
        attributes: NO_ATTRIBUTES,
      })
  }
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, put))
  await store.close()
}

function timed(name: string, ...words: readonly (string | undefined)[]): void {
  const startedAt = performance.now()
  const given = ['store', ...words.map((word) => word ?? '')]
  const [program, ...before] = serverCommand(true)
  const { status, stderr } = spawnSync(program, [...before, ...given], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name}: ${stderr}`)
  process.stdout.write(`${name}: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`)
}

try {
  await fill(0, OBJECTS)
  timed(`first backup of ${OBJECTS} × ${BYTES} bytes`, 'backup', target, '--data', data)
  await fill(OBJECTS, OBJECTS + NEW_OBJECTS)
  timed(`second backup, ${NEW_OBJECTS} new`, 'backup', target, '--data', data)
  timed('reading all of it', 'backup', target, '--verify')
  timed('restore', 'restore', target, '--data', restored)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
