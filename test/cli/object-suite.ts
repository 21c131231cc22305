import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import type { ObjectWorld } from './object-world.ts'
import { hasOpenssl, startTlsProxy } from './tls-proxy.ts'

const ODD = 'a b/pl+us%41 é~/x?y#z&.txt'
const lineCount = (text: string): number => text.split('\n').length - 1

/** What the commands on objects do, by whatever runs them. */
export function describeObjectCommands(lab: ObjectWorld): void {
  before(() => lab.start())
  after(() => lab.stop())

  describe('lugsail ls', () => {
    before(async () => {
      await lab.bucket('listed')
      for (const key of ['top.txt', 'photos/a.jpg', 'photos/2030/b.jpg', ODD])
        await lab.put('listed', key, 'body')
    })

    it('lists the buckets', async () => {
      const { exitCode, stdout, stderr } = await lab.run('ls')
      assert.deepEqual([exitCode, stderr], [0, ''])
      assert.match(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d listed$/m)
      const { buckets } = JSON.parse((await lab.run('ls', '--json')).stdout) as {
        buckets: { name: string }[]
      }
      assert.ok(buckets.some(({ name }) => name === 'listed'))
    })

    it('lists up to the next slash, or all, in the form of aws s3 ls', async () => {
      const { stdout } = await lab.run('ls', 'listed')
      assert.match(stdout, /^ {27}PRE a b\/\n {27}PRE photos\/\n\S{10} \S{8} {10}4 top\.txt\n$/)
      assert.match((await lab.run('ls', 's3://listed/photos/')).stdout, /PRE 2030\/\n\S+ \S+ +4 a\.jpg\n$/)
      const all = (await lab.run('ls', '--recursive', 'listed')).stdout
      assert.deepEqual(
        all
          .trimEnd()
          .split('\n')
          .map((line) => line.slice(31)),
        [ODD, 'photos/2030/b.jpg', 'photos/a.jpg', 'top.txt'],
      )
    })

    it('prints one JSON document with the keys as they are', async () => {
      const { stdout } = await lab.run('ls', 'listed/a b/', '--recursive', '--output', 'json')
      const { objects } = JSON.parse(stdout) as { objects: unknown[] }
      const [object] = objects as { key: string; sizeBytes: number; bucket: string }[]
      assert.deepEqual([object?.bucket, object?.key, object?.sizeBytes], ['listed', ODD, 4])
    })

    it('ends with 1 for a prefix that nothing has, and for a bucket that is not there', async () => {
      const nothing = await lab.run('ls', 'listed/nothing')
      assert.deepEqual([nothing.exitCode, nothing.stdout, lineCount(nothing.stderr)], [1, '', 1])
      const missing = await lab.run('ls', 'missing')
      assert.equal(missing.exitCode, 1)
      assert.match(missing.stderr, /^lugsail ls: the bucket missing does not exist; .*create-bucket.*\n$/)
    })
  })

  describe('lugsail cp, mv, rm, cat and presign', () => {
    before(() => lab.bucket('files'))

    it('carry bytes and names as they are, there and back', async () => {
      lab.file('odd.txt', 'odd body')
      assert.equal((await lab.run('cp', 'odd.txt', `s3://files/${ODD}`)).exitCode, 0)
      assert.equal(await lab.get('files', ODD), 'odd body')
      assert.equal(await lab.cat(`files/${ODD}`), 'odd body')
      assert.equal((await lab.run('cp', `s3://files/${ODD}`, 'back/')).exitCode, 0)
      assert.equal(readFileSync(join(lab.cwd, 'back/x?y#z&.txt'), 'utf8'), 'odd body')
      const copied = await lab.run('cp', `s3://files/${ODD}`, 's3://files/copy of/')
      assert.equal(copied.stdout, `copy: s3://files/${ODD} to s3://files/copy of/x?y#z&.txt\n`)
      assert.equal(await lab.get('files', 'copy of/x?y#z&.txt'), 'odd body')
      const { stdout } = await lab.run('presign', `s3://files/${ODD}`, '--expires-in', '60')
      assert.equal(await (await fetch(stdout.trim())).text(), 'odd body')
    })

    it('take whole folders; what is no file is passed over, with exit code 2', async () => {
      lab.file('tree/one', '1')
      lab.file('tree/sub/two words', '2')
      symlinkSync('..', join(lab.cwd, 'tree/sub/loop'))
      const up = await lab.run('cp', '--recursive', 'tree', 's3://files/tree')
      assert.equal(up.exitCode, 2)
      assert.match(up.stderr, /^lugsail cp: tree\/sub\/loop was passed over: a symbolic link leads back.*\n$/)
      await lab.put('files', 'tree/empty/', '')
      await lab.put('files', 'tree2/no', 'not below tree/')
      const down = await lab.run('cp', '--recursive', 's3://files/tree', 'down')
      assert.deepEqual([down.exitCode, down.stderr], [0, ''])
      assert.deepEqual(readdirSync(join(lab.cwd, 'down'), { recursive: true }).sort(), [
        'empty',
        'one',
        'sub',
        'sub/two words',
      ])
    })

    it('copy a bucket into a prefix of itself once, not deeper and deeper', async () => {
      await lab.bucket('selfsame')
      await lab.put('selfsame', 'a', '1')
      await lab.put('selfsame', 'z', '2')
      assert.equal((await lab.run('cp', '--recursive', 's3://selfsame', 's3://selfsame/m/')).exitCode, 0)
      const { stdout } = await lab.run('ls', 'selfsame', '--recursive')
      assert.deepEqual(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.slice(31)),
        ['a', 'm/a', 'm/z', 'z'],
      )
    })

    it('move: the source is gone once the copy is there, and stays when there is none', async () => {
      const path = lab.file('moved', 'body')
      assert.equal(
        (await lab.run('mv', 'moved', 's3://files/moved')).stdout,
        'move: moved to s3://files/moved\n',
      )
      assert.ok(!existsSync(path))
      assert.equal((await lab.run('mv', 's3://files/moved', 's3://files/moved again')).exitCode, 0)
      assert.equal((await lab.run('cat', 'files/moved')).exitCode, 1)
      assert.equal((await lab.run('mv', 's3://files/moved again', 's3://missing/x')).exitCode, 1)
      assert.equal(await lab.get('files', 'moved again'), 'body')
      assert.equal((await lab.run('mv', 's3://files/moved again', 's3://files/moved again')).exitCode, 2)
    })

    it('tell with --json what was done and what was not', async () => {
      lab.file('j', 'body')
      const { stdout, exitCode } = await lab.run('cp', 'j', 's3://files/', '--json')
      assert.equal(exitCode, 0)
      assert.deepEqual(JSON.parse(stdout), {
        transfers: [{ operation: 'upload', source: 'j', target: 's3://files/j' }],
      })
      const failed = await lab.run('cp', 's3://files/none', 'k', '--json')
      const { transfers } = JSON.parse(failed.stdout) as { transfers: { error: string }[] }
      assert.equal(failed.exitCode, 1)
      assert.match(transfers[0]?.error ?? '', /s3:\/\/files\/none does not exist/)
    })

    it('guess the content type by the name, unless it is given', async () => {
      lab.file('page.html', '<p>')
      await lab.run('cp', 'page.html', 's3://files/page.html')
      await lab.run('cp', 'page.html', 's3://files/typed', '--content-type', 'text/x-mine')
      const typeOf = async (Key: string) =>
        (await lab.client.send(new HeadObjectCommand({ Bucket: 'files', Key }))).ContentType
      assert.deepEqual([await typeOf('page.html'), await typeOf('typed')], ['text/html', 'text/x-mine'])
    })

    it('say in one line what is wrong and what to do', async () => {
      mkdirSync(join(lab.cwd, 'a folder'))
      lab.file('there', '')
      const rows: readonly (readonly [args: readonly string[], exitCode: number, stderr: RegExp])[] = [
        [
          ['cp', 'there', 'elsewhere'],
          2,
          /one of there and elsewhere must be s3:\/\/BUCKET\/KEY; see lugsail cp help/,
        ],
        [['cp', 'there'], 2, /expected TARGET/],
        [['cp', 'a', 'b', 'c'], 2, /one word too many: c/],
        [['ls', '--query', 'x'], 2, /unknown option --query/],
        [['presign', 'files/x', '--expires-in', '0'], 2, /--expires-in must be 1 to 604800, got 0/],
        [['cp', 'none', 's3://files/'], 1, /none: no such file or folder/],
        [['cp', 'a folder', 's3://files/'], 1, /add --recursive/],
        [['cp', 's3://files/', '.'], 2, /--recursive takes all/],
        [['cp', 'there', 's3://missing/'], 1, /the bucket missing does not exist; "lugsail ls"/],
        [
          ['ls', '--endpoint-url', 'http://127.0.0.1:1'],
          1,
          /nothing answers at http:\/\/127\.0\.0\.1:1; start the server/,
        ],
        [['ls', '--profile', 'none'], 1, /The config profile \(none\) could not be found/],
      ]
      for (const [args, exitCode, expected] of rows) {
        const ended = await lab.run(...args)
        assert.equal(ended.exitCode, exitCode, args.join(' '))
        assert.match(ended.stderr, expected)
        assert.equal(lineCount(ended.stderr), 1)
      }
    })
  })

  describe('commands on objects find credentials, endpoint and trust as the bucket commands do', () => {
    before(async () => {
      await lab.bucket('keyed')
      await lab.put('keyed', 'x', 'keyed body')
    })

    it("a bucket's key in a profile opens that bucket and no other", async () => {
      const made = await lab.run('create-bucket-access-key', '--bucket-name', 'keyed')
      const { accessKey } = JSON.parse(made.stdout) as {
        accessKey: { accessKeyId: string; secretAccessKey: string }
      }
      writeFileSync(
        join(lab.home, '.aws/config'),
        `[profile keyed]\nregion = us-east-1\nservices = here\naws_access_key_id = ${accessKey.accessKeyId}\naws_secret_access_key = ${accessKey.secretAccessKey}\n[services here]\ns3 =\n  endpoint_url = ${lab.server.endpoint}\n`,
      )
      const line = (words: string) => lab.runBare(...words.split(' '))
      assert.equal(
        (await line('cp s3://keyed/x here --profile keyed')).stdout,
        'download: s3://keyed/x to here\n',
      )
      assert.equal(
        (await line('--profile keyed cp s3://keyed/x here')).stdout,
        'download: s3://keyed/x to here\n',
      )
      assert.equal(readFileSync(join(lab.cwd, 'here'), 'utf8'), 'keyed body')
      assert.match((await line('ls --profile keyed')).stdout, /^\S+ \S+ keyed\n$/)
      assert.match((await line('ls --profile keyed files')).stderr, /opens that one only\n$/)
      const [program, ...words] = 'key create less --buckets keyed --rights read --write-profile less'.split(
        ' ',
      )
      assert.equal((await lab.run(program ?? '', ...words)).stderr.includes('The key AKIA'), true)
      const { stderr } = await line('ls --profile less keyed')
      assert.match(
        stderr,
        /is the application key less: get-access-keys shows its rights and its bounds\.\)\n$/,
      )
      assert.match((await line('ls')).stderr, /You must specify a region/)
      assert.match((await line('ls --region us-east-1')).stderr, /Unable to locate credentials/)
    })

    it(
      'trusts what --ca-bundle names, all with --no-verify-ssl, and else says what to do',
      { skip: !hasOpenssl },
      async () => {
        const proxy = await startTlsProxy('localhost', lab.server.endpoint)
        try {
          const list = (...args: readonly string[]) =>
            lab.run('ls', 'keyed', '--endpoint-url', `https://localhost:${proxy.tlsPort}`, ...args)
          assert.match((await list('--ca-bundle', proxy.certificatePath)).stdout, / x\n$/)
          assert.match((await list('--no-verify-ssl')).stdout, / x\n$/)
          const refused = await list()
          assert.equal(refused.exitCode, 1)
          assert.match(refused.stderr, /signed by nobody known here .*--ca-bundle FILE\n$/)
        } finally {
          proxy.stop()
        }
      },
    )
  })

  describe('downloads', () => {
    before(() => lab.bucket('hostile'))

    it('whose names would lead out of the target folder are refused, and the rest comes', async () => {
      for (const key of [
        'in/ok',
        'in/../../out1',
        '/out2',
        'in//double',
        'in/./dot',
        'in/..',
        'in/sub/../../../out3',
      ])
        await lab.put('hostile', key, 'body')
      const { exitCode, stdout, stderr } = await lab.run(
        'cp',
        '--recursive',
        's3://hostile',
        'deep/er/target',
      )
      assert.equal(exitCode, 1)
      assert.equal(stdout, 'download: s3://hostile/in/ok to deep/er/target/in/ok\n')
      assert.equal(lineCount(stderr), 6)
      assert.match(stderr, /s3:\/\/hostile\/\/out2 .*would lead out of the target folder/)
      assert.deepEqual(readdirSync(join(lab.cwd, 'deep'), { recursive: true }).sort(), [
        'er',
        'er/target',
        'er/target/in',
        'er/target/in/ok',
      ])
      assert.deepEqual(readdirSync(lab.folder).sort(), ['cwd', 'home'])
      const alone = await lab.run('cp', 's3://hostile/in/..', 'deep')
      assert.equal(alone.exitCode, 1)
      assert.match(alone.stderr, /would lead out/)
    })
  })
}
