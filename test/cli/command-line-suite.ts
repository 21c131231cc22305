import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from './command-world.ts'
import type { CommandWorld } from './command-world.ts'

const CREATED_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const CREATED = {
  body: JSON.stringify({
    accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: CREATED_SECRET },
  }),
}
const CREATE = ['create-bucket-access-key', '--bucket-name', 'photos', '--endpoint-url', '{ENDPOINT}']

/** The command as it is typed, by whatever runs it. */
export function describeCommandLine(lab: CommandWorld): void {
  describe('lugsail, as it is typed', () => {
    before(() => lab.start())
    after(() => lab.stop())

    test('an operation can be typed without the word lightsail', async () => {
      const { exitCode, stdout, requests } = await lab.run({ args: CREATE, responses: [CREATED] })
      assert.equal(exitCode, 0)
      assert.match(stdout, /"secretAccessKey": "wJalr/)
      assert.deepEqual(requests[0]?.body, { bucketName: 'photos' })
      assert.equal(requests[0].signature, `valid ${ACCESS_KEY_ID} us-east-1 lightsail`)
    })

    test('--version is answered whatever comes after it', async () => {
      const { exitCode, stdout } = await lab.run({ args: ['--version', '--output', 'none', 'nothing'] })
      assert.equal(exitCode, 0)
      assert.match(stdout, /^lugsail\/\S+ node\/\S+ \S+\n$/)
    })

    test('--debug tells what is done but neither the secret it signs with nor the one it was given', async () => {
      const { stderr } = await lab.run({ args: [...CREATE, '--debug'], responses: [CREATED] })
      assert.match(stderr, /Sending CreateBucketAccessKey/)
      assert.ok(!stderr.includes(SECRET_ACCESS_KEY))
      assert.ok(!stderr.includes(CREATED_SECRET))
      assert.doesNotMatch(stderr, /Signature=/)
    })

    test('a number that is none is refused with the option and the value', async () => {
      const { exitCode, stderr, requests } = await lab.run({
        args: [
          'get-bucket-metric-data',
          '--bucket-name',
          'photos',
          '--metric-name',
          'NumberOfObjects',
          '--start-time',
          '1',
          '--end-time',
          '2',
          '--period',
          'daily',
          '--statistics',
          'Sum',
          '--unit',
          'Count',
        ],
      })
      assert.equal(exitCode, 255)
      assert.match(stderr, /--period.*daily/)
      assert.equal(requests.length, 0)
    })

    test('lugsail help shows every part of the product on a screen of 80 columns and 24 lines', async () => {
      const { exitCode, stdout } = await lab.run({ args: ['help'] })
      assert.equal(exitCode, 0)
      for (const word of ['serve', 'account', 'resource', 'store', 'key', 'role', 'create-bucket-access-key'])
        assert.match(stdout, new RegExp(`^  ${word} `, 'm'))
      for (const word of ['completion', 'env', 'credentials', 'cosi', 'presign'])
        assert.match(stdout, new RegExp(`^(?:Also|Objects): .*\\b${word}\\b`, 'm'))
      const lines = stdout.split('\n')
      assert.ok(lines.length <= 24, `${lines.length} lines`)
      assert.deepEqual(
        lines.filter((line) => line.length > 80),
        [],
      )
    })

    test('help, --help and lightsail help show the help of what they follow', async () => {
      const forms = [
        ['create-bucket', 'help'],
        ['create-bucket', '--help'],
        ['lightsail', 'create-bucket', 'help'],
      ]
      for (const args of forms) {
        const { exitCode, stdout } = await lab.run({ args })
        assert.equal(exitCode, 0)
        assert.match(stdout, /SYNOPSIS\n\s+create-bucket\n/)
        assert.match(stdout, /--bundle-id \(string\) \[required\]/)
      }
    })

    test('a server command after options is refused with how to type it', async () => {
      const { exitCode, stderr } = await lab.run({ args: ['--debug', 'serve'] })
      assert.equal(exitCode, 2)
      assert.match(stderr, /lugsail serve/)
    })

    test('numbers keep their form through a query', async () => {
      const { stdout } = await lab.run({
        args: [
          'get-bucket-bundles',
          '--query',
          '[sum(bundles[].price), length(bundles), avg(bundles[].price)]',
          '--output',
          'text',
          '--endpoint-url',
          '{ENDPOINT}',
        ],
        responses: [{ body: '{"bundles":[{"price":1.0},{"price":2}]}' }],
      })
      assert.equal(stdout, '3.0\t2\t1.5\n')
    })

    test('the bash completion offers the options of the command that is typed', async () => {
      const { stdout: script } = await lab.run({ args: ['completion', 'bash'] })
      const ask = `COMP_WORDS=(lugsail create-bucket-access-key --buck); COMP_CWORD=2; _lugsail; printf %s "\${COMPREPLY[*]}"`
      const { stdout, status } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' })
      assert.equal(status, 0)
      assert.equal(stdout, '--bucket-name')
    })
  })
}
