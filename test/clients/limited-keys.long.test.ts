/** Application keys that may do less, in programs that ask for more before they begin. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { before, describe, it } from 'node:test'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { EXECUTABLE } from '../harness/executable.ts'
import { needs, pathOf, startWorld, type KeyPair, type RunOptions } from './world.ts'

/** What a key may do with objects in `in/` and `out/`; it lists `in/`. */
interface Limits {
  readonly options: (bucket: string) => readonly string[]
  readonly readsOut: boolean
  readonly writesIn: boolean
}

const object = (bucket: string) => `arn:aws:s3:::${bucket}/in/*`

const KEYS = {
  reader: {
    options: (bucket) => ['--buckets', bucket, '--rights', 'read', 'list'],
    readsOut: true,
    writesIn: false,
  },
  prefix: {
    options: (bucket) => ['--buckets', bucket, '--rights', 'read-write', '--prefixes', 'in/'],
    readsOut: false,
    writesIn: true,
  },
  policy: {
    options: (bucket) => [
      '--policy',
      JSON.stringify({
        Statement: [
          // rclone gives each object an ACL.
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject', 's3:PutObjectAcl'],
            Resource: object(bucket),
          },
          {
            Effect: 'Allow',
            Action: 's3:ListBucket',
            Resource: `arn:aws:s3:::${bucket}`,
            Condition: { StringLike: { 's3:prefix': ['in', 'in/*'] } },
          },
        ],
      }),
    ],
    readsOut: false,
    writesIn: true,
  },
} as const satisfies Readonly<Record<string, Limits>>

type KeyName = keyof typeof KEYS

/** How a program does what is tried; each rejects where it is refused. */
interface Program {
  readonly buckets: () => Promise<string>
  readonly list: () => Promise<string>
  readonly get: (key: string) => Promise<string>
  readonly put: (key: string) => Promise<unknown>
}

describe('an application key that may do less', () => {
  const world = startWorld()
  const WITHOUT_KEY = { withoutKey: true } as const
  const file = () => world().path('file')

  before(async () => {
    const { endpoint, region, key: credentials, bucket: Bucket } = world()
    const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    for (const Key of ['in/a', 'out/a']) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
    s3.destroy()
    writeFileSync(file(), 'stored')
    for (const [name, { options }] of Object.entries(KEYS)) {
      const files = ['--write-profile', name, '--write-rclone', name, '--write-s3cfg', `${name}.s3cfg`]
      const make = [
        'key',
        'create',
        name,
        ...options(world().bucket),
        ...files,
        '--write-json',
        `${name}.json`,
      ]
      await world().run(EXECUTABLE, make, { key: world().rootKey })
    }
  })

  async function tryAll(name: KeyName, program: Program): Promise<void> {
    const { readsOut, writesIn } = KEYS[name]
    const { bucket } = world()
    assert.match(await program.buckets(), new RegExp(`\\b${bucket}\\b`))
    assert.match(await program.list(), /\ba\b/)
    assert.equal(await program.get('in/a'), 'in/a')
    await expect(readsOut, program.get('out/a'))
    await expect(writesIn, program.put('in/new'))
    if (writesIn) assert.equal(await program.get('in/new'), 'stored')
    await expect(false, program.put('out/new'))
  }

  const expect = (isAllowed: boolean, outcome: Promise<unknown>): Promise<unknown> =>
    isAllowed ? outcome : assert.rejects(outcome, /AccessDenied|Forbidden|403|was denied/)

  const names = Object.keys(KEYS) as KeyName[]

  it('does with the aws CLI what it may', needs('aws'), async () => {
    for (const name of names) {
      const aws = (...args: readonly string[]) =>
        world().run('aws', ['s3', ...args], { ...WITHOUT_KEY, environment: { AWS_PROFILE: name } })
      const url = (key: string) => `s3://${world().bucket}/${key}`
      await tryAll(name, {
        buckets: () => aws('ls'),
        list: () => aws('ls', url('in/')),
        get: (key) => aws('cp', url(key), '-'),
        put: (key) => aws('cp', '--no-progress', file(), url(key)),
      })
    }
  })

  for (const program of ['rclone', 'rclone-newest'])
    it(`does with ${program} what it may`, needs(program), async () => {
      for (const name of names) {
        const rclone = (...args: readonly string[]) =>
          world().run(program, ['--retries', '1', ...args], WITHOUT_KEY)
        const path = (key: string) => `${name}:${world().bucket}/${key}`
        await tryAll(name, {
          buckets: () => rclone('lsd', `${name}:`),
          list: () => rclone('lsf', path('in/')),
          get: (key) => rclone('cat', path(key)),
          put: (key) => rclone('copyto', file(), path(key)),
        })
      }
    })

  it('does with s3cmd what it may', needs('s3cmd'), async () => {
    for (const name of names) {
      const s3cmd = (...args: readonly string[]) =>
        world().run(
          's3cmd',
          ['--config', world().path(`${name}.s3cfg`), '--no-progress', ...args],
          WITHOUT_KEY,
        )
      const url = (key: string) => `s3://${world().bucket}/${key}`
      await tryAll(name, {
        buckets: () => s3cmd('ls'),
        list: () => s3cmd('ls', url('in/')),
        get: (key) => s3cmd('get', url(key), '-'),
        put: (key) => s3cmd('put', file(), url(key)),
      })
    }
  })

  const canMount = existsSync('/dev/fuse') ? needs('s3fs', 'fusermount') : { skip: 'no /dev/fuse here' }
  /** Mounts what is named by s3fs with a key, and does something with the folder. */
  async function mount(
    name: KeyName,
    { place, options }: { readonly place: string; readonly options: readonly string[] },
    act: (folder: string) => Promise<void>,
  ): Promise<void> {
    const folder = world().path(`mount-${name}`)
    mkdirSync(folder, { recursive: true })
    const server = [`url=${world().endpoint}`, `endpoint=${world().region}`, 'use_path_request_style']
    const key = JSON.parse(readFileSync(world().path(`${name}.json`), 'utf8')) as KeyPair
    const asKey: RunOptions = { key }
    await world().run('s3fs', [place, folder, '-o', [...server, ...options].join(',')], asKey)
    try {
      await act(folder)
    } finally {
      await world().run('fusermount', ['-u', folder])
    }
  }

  it('is mounted by s3fs to read, where it lists the bucket', canMount, () =>
    mount('reader', { place: world().bucket, options: ['ro'] }, async (folder) => {
      assert.deepEqual((await readdir(folder)).sort(), ['in', 'out'])
      assert.equal(await readFile(`${folder}/in/a`, 'utf8'), 'in/a')
      await assert.rejects(writeFile(`${folder}/in/b`, ''), { code: 'EROFS' })
    }),
  )

  // Before, it lists the whole bucket first.
  const isNew = /V1\.(?:9[2-9]|\d{3})/.test(
    spawnSync(pathOf('s3fs') ?? 's3fs', ['--version'], { encoding: 'utf8' }).stdout,
  )
  const canMountFolders = canMount.skip === false && !isNew ? { skip: 's3fs is older than 1.92' } : canMount
  it('is mounted by s3fs with its prefix for a folder', canMountFolders, () =>
    mount('prefix', { place: `${world().bucket}:/in`, options: ['compat_dir'] }, async (folder) => {
      assert.ok((await readdir(folder)).includes('a'))
      assert.equal(await readFile(`${folder}/a`, 'utf8'), 'in/a')
      await writeFile(`${folder}/mounted`, 'stored')
      assert.equal(await readFile(`${folder}/mounted`, 'utf8'), 'stored')
    }),
  )
})
