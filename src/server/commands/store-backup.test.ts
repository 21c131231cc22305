import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { CommandLab, members } from '../../../test/command-lab.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { createBucket } from '../../service/buckets/create-bucket.ts'
import { getOwnBucket } from '../../service/buckets/own-bucket.ts'
import { createAccessKey } from '../../service/access-keys/create-access-key.ts'
import { deleteBucket } from '../../service/buckets/delete-bucket.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { listIds } from '../../storage/testing/blob-fixtures.ts'
import { NO_ATTRIBUTES, streamedBody } from '../../../test/objects/object-world.ts'
import { putObject } from '../../service/objects/put-object.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import { openBlobStore } from '../engines.ts'
import { store } from './store.ts'

const DAY_MS = 24 * 3_600_000
const LARGE = 'x'.repeat(300_000)

interface ListedStates {
  readonly storeId: string
  readonly states: readonly {
    readonly id: string
    readonly at: string
    readonly added: { readonly blobs: number }
  }[]
  readonly unreadable: readonly { readonly id: string }[]
}

describe('lugsail store backup and restore', () => {
  const lab = new CommandLab()
  after(() => lab.dispose())
  const to = join(lab.root, 'backup')
  const run = (...args: readonly string[]) => lab.run(store, ...args)
  const list = async (): Promise<ListedStates> =>
    JSON.parse((await run('backup', to, '--list', '--output', 'json')).out) as ListedStates
  const putLarge = (objectKey: string) =>
    lab.onStore(async ({ context }) => {
      const bucket = await getOwnBucket(context, caller, 'photos')
      const principal = { type: 'account', accountId: caller.accountId, accessKeyId: '' } as const
      await putObject(
        context,
        { principal, credential: null, bucket },
        {
          objectKey,
          body: streamedBody([LARGE], LARGE.length),
          attributes: NO_ATTRIBUTES,
        },
      )
    })
  const caller = { accountId: '', region: 'us-east-1' }

  it('takes a state, tells what was new, and lists the states there are', async () => {
    await lab.onStore(async ({ context }) => {
      const { account } = await createAccount(context, 'default')
      caller.accountId = account.accountId
      await createBucket(context, caller, { bucketName: 'photos', bundleId: 'small_1_0' })
      await createAccessKey(context, caller, 'photos')
    })
    await putLarge('one')
    await assert.rejects(run('backup', to, '--list'), /FROM: there is no backup in/)
    const { code, out } = await run('backup', to)
    const shown = members(out)
    assert.equal(code, 0)
    assert.match(shown['State'] ?? '', /^state-20300101t000000000z-/)
    assert.equal(shown['Of'], '2030-01-01T00:00:00.000Z')
    assert.match(shown['Records'] ?? '', /^(\d+), \1 of them changed$/)
    assert.equal(shown['Blobs'], '1, 1 of them new')
    assert.match(shown['Written'] ?? '', /^3\d{5} bytes$/)
    assert.deepEqual([shown['Removed'], shown['Damaged']], ['0 states, 0 blobs, 0 bytes', '0'])
    assert.deepEqual(
      [lab.audited(1)[0]?.['operation'], lab.audited(1)[0]?.['details']],
      ['store backup', { to, state: shown['State'] }],
    )
    lab.clock.advance(DAY_MS)
    await putLarge('two')
    const again = JSON.parse((await run('backup', to, '--output', 'json')).out) as {
      backup: { state: { blobs: number; added: { blobs: number } } }
    }
    assert.deepEqual([again.backup.state.blobs, again.backup.state.added.blobs], [2, 1])
    const { states, storeId } = await list()
    assert.deepEqual(
      states.map(({ at, added }) => [at, added.blobs]),
      [
        ['2030-01-01T00:00:00.000Z', 1],
        ['2030-01-02T00:00:00.000Z', 1],
      ],
    )
    assert.match(storeId, /^[0-9a-f-]{36}$/)
    assert.deepEqual(Object.keys(states[0] ?? {}), [
      'id',
      'at',
      'finishedAt',
      'records',
      'blobs',
      'added',
      'damageCount',
    ])
    const table = (await run('backup', to, '--list')).out.split('\n')
    assert.match(table[0] ?? '', /^STATE +OF +RECORDS +BLOBS +WRITTEN +DAMAGED$/)
    assert.match(table[2] ?? '', /^state-\S+ +2030-01-02T00:00:00Z +\d+ +2 +\d+ +0$/)
  })

  it('reads every byte of the states', async () => {
    const { code, out } = await run('backup', to, '--verify')
    const shown = members(out)
    assert.deepEqual(
      [code, shown['States'], shown['Runs'], shown['Blobs'], shown['Problems']],
      [0, '2', '2', '2', '0'],
    )
    assert.match(shown['Read'] ?? '', /^6\d{5} bytes$/)
    const { report } = JSON.parse((await run('backup', to, '--verify', '--output', 'json')).out) as {
      report: { problems: string[] }
    }
    assert.deepEqual(report.problems, [])
  })

  it('restores the newest state, that of a moment or that of an id into an empty place', async () => {
    const { states } = await list()
    const restore = (data: string, ...args: readonly string[]) =>
      lab.runBare(store, 'restore', to, '--data', join(lab.root, data), ...args)
    const newest = await restore('newest')
    assert.deepEqual(
      [newest.code, members(newest.out)['State'], members(newest.out)['Blobs']],
      [0, states[1]?.id, `2 of ${2 * LARGE.length} bytes (0 were there)`],
    )
    assert.match(newest.out, /The store opens with the master key that it was backed up with/)
    assert.deepEqual(lab.audited(1, join(lab.root, 'newest'))[0]?.['details'], {
      from: to,
      state: states[1]?.id,
    })
    let place = 0
    for (const [at, state] of [
      ['2030-01-01', 0],
      ['2030-01-01T00:00:00Z', 0],
      ['2030-01-02T00:59:59+01:00', 0],
      ['2030-01-02 00:00', 1],
      ['2031-01-01', 1],
      [states[0]?.id ?? '', 0],
      [states[1]?.id ?? '', 1],
    ] as const) {
      const { out } = await restore(`at-${place++}`, '--at', at, '--output', 'json')
      assert.equal((JSON.parse(out) as { state: { id: string } }).state.id, states[state]?.id, at)
    }
    for (const [at, message] of [
      ['2029-12-31', /--at: the oldest backup in .* is of 2030-01-01T00:00:00\.000Z/],
      ['yesterday', /--at: expected a moment such as .*, got "yesterday"/],
      ['2030-13-01', /--at: expected a moment/],
      ['2030-01-01T', /--at: expected a moment/],
      ['state-1.c', /--at: expected a moment/],
    ] as const)
      await assert.rejects(restore('none', '--at', at), message, at)
    await assert.rejects(restore('newest'), /the store is not empty/)
    cpSync(join(lab.data, 'master.key'), join(lab.root, 'newest', 'master.key'))
    const { code } = await lab.runBare(store, 'verify', '--data', join(lab.root, 'newest'))
    assert.equal(code, 0)
  })

  it('restores the records alone beside blobs that are there, and tells which are missing', async () => {
    const data = join(lab.root, 'records')
    mkdirSync(join(data, 'store'), { recursive: true })
    cpSync(join(lab.data, 'store', 'blobs'), join(data, 'store', 'blobs'), { recursive: true })
    const blobs = await openBlobStore(`files:${join(data, 'store', 'blobs')}`)
    const [first = ''] = await listIds(blobs, '')
    await blobs.delete([first])
    await blobs.close()
    const { code, out } = await lab.runBare(store, 'restore', to, '--data', data, '--only-metadata')
    assert.deepEqual([code, members(out)['Missing']], [1, '1'])
    assert.match(out, new RegExp(`\\n  blob ${first} is missing: it is not in the store\\n`))
    assert.equal(members(out)['Blobs'], '0 of 0 bytes (1 were there)')
  })

  it('brings one bucket back with its keys, where it has none of that name', async () => {
    await assert.rejects(
      run('restore', to, '--bucket', 'photos'),
      /the store has a bucket photos; delete that one first/,
    )
    await assert.rejects(
      run('restore', to, '--bucket', 'others'),
      /there is no bucket others in the state of 2030-01-02/,
    )
    await lab.onStore(({ context }) => deleteBucket(context, caller, 'photos', true))
    const { code, out } = await run('restore', to, '--bucket', 'photos')
    const shown = members(out)
    assert.deepEqual(
      [code, shown['Bucket'], shown['Of'], shown['Versions'], shown['Blobs'], shown['Missing']],
      [0, 'photos', '2030-01-02T00:00:00.000Z', '2', `2 of ${2 * LARGE.length} bytes`, '0'],
    )
    assert.match(shown['Access keys'] ?? '', /^AKIA\w+$/)
    assert.ok(!('Access keys left out' in shown))
    const [line] = lab.audited(1)
    assert.deepEqual(
      [line?.['operation'], Object.keys(line?.['details'] ?? {})],
      ['store restore', ['bucketName', 'from', 'state']],
    )
    assert.equal((await run('verify')).code, 0)
    await lab.onStore(async ({ context }) => {
      await deleteBucket(context, caller, 'photos', true)
      await assert.rejects(getOwnBucket(context, caller, 'photos'), (error) =>
        isDomainError(error, 'NoSuchBucket'),
      )
    })
    const { restored } = JSON.parse(
      (await run('restore', to, '--bucket', 'photos', '--at', '2030-01-01', '--output', 'json')).out,
    ) as { restored: { versions: number; accessKeyIds: string[] } }
    assert.deepEqual([restored.versions, restored.accessKeyIds.length], [1, 1])
  })

  it('keeps the states that it is told to, and removes what only others needed', async () => {
    const { out } = await run('backup', to, '--keep', '1')
    assert.match(members(out)['Removed'] ?? '', /^2 states, \d+ blobs, \d+ bytes$/)
    assert.equal((await list()).states.length, 1)
  })

  it('tells of states that cannot be read, and restores none of them unasked', async () => {
    const place = await openBlobStore(`files:${to}`)
    const [id = ''] = await listIds(place, 'state-')
    const broken = `state-2040${id.slice('state-2040'.length)}`
    await place.put(
      broken,
      (async function* () {
        yield Buffer.from('{}')
      })(),
    )
    await place.close()
    const listed = await run('backup', to, '--list')
    assert.equal(listed.code, 1)
    assert.match(listed.out, new RegExp(`\\n${broken} cannot be read: `))
    assert.deepEqual(
      (await list()).unreadable.map((state) => state.id),
      [broken],
    )
    const data = join(lab.root, 'unread')
    const restore = (...args: readonly string[]) => lab.runBare(store, 'restore', to, '--data', data, ...args)
    await assert.rejects(
      restore(),
      new RegExp(`${broken} cannot be read: .*; choose an earlier one with --at`),
    )
    await assert.rejects(restore('--at', broken), new RegExp(`--at: ${broken} cannot be read`))
    assert.ok(!existsSync(data))
    assert.equal((await restore('--at', id)).code, 0)
    const taken = await run('backup', to)
    assert.equal(taken.code, 1)
    assert.match(taken.out, new RegExp(`\\n  earlier state ${broken} cannot be read: `))
    const verified = await run('backup', to, '--verify')
    assert.equal(verified.code, 1)
    assert.match(verified.out, new RegExp(`\\n  state ${broken}: `))
  })

  it('is refused where the place is none, and fails where the place cannot be read', async () => {
    await assert.rejects(
      run('backup', join(lab.data, 'store', 'blobs')),
      /TO: .* is where the store itself keeps its files/,
    )
    await assert.rejects(run('backup', 'ftp://host/a'), /TO: expected a folder or s3:/)
    await assert.rejects(run('restore', 'ftp://host/a'), /FROM: expected a folder or s3:/)
    const empty = join(lab.root, 'empty')
    mkdirSync(join(empty, 'blobs'), { recursive: true })
    await assert.rejects(run('restore', empty, '--bucket', 'photos'), /there is no backup in .*empty/)
    const other = join(lab.root, 'other')
    const place = await openBlobStore(`files:${other}`)
    await place.put(
      'something',
      (async function* () {
        yield Buffer.from('else')
      })(),
    )
    await place.close()
    await assert.rejects(
      run('backup', other),
      (error) =>
        error instanceof ConfigurationError && /holds something else than a backup/.test(error.message),
    )
    const half = join(lab.root, 'half')
    await run('backup', half)
    for (const name of readdirSync(join(half, 'blobs'), { recursive: true, encoding: 'utf8' }))
      if (/run-[0-9a-f]+-k/.test(name)) rmSync(join(half, 'blobs', name), { recursive: true, force: true })
    await assert.rejects(
      lab.runBare(store, 'restore', half, '--data', join(lab.root, 'from-half')),
      (error) => error instanceof StartFailure && /does not exist/.test(error.message),
    )
    writeFileSync(join(lab.root, 'file'), '')
    await assert.rejects(run('backup', join(lab.root, 'file'), '--list'), /FROM: there is no backup in/)
  })
})
