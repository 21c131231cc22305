import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CommandWorld } from './command-world.ts'

const BUCKETS = {
  body: '{"buckets":[{"name":"photos","createdAt":5.0,"tags":[{"key":"yes"}]},{"name":"films"}]}',
}

const ALIASES = `[toplevel]
names = lightsail get-buckets --query buckets[].name --output text
short = get-buckets --query 'buckets[0].name'
again = names --output json
say = !f() { echo "said $1, $2"; exit 3; }; f
lightsail = lightsail --output text
round = trip
trip = round
other = get-buckets --profile x
`

/** Aliases, options of version 2 and other habits of people who know the AWS CLI, by whatever runs the command. */
export function describeHabits(lab: CommandWorld): void {
  describe('habits of people who know the AWS CLI', () => {
    before(() => lab.start())
    after(() => lab.stop())
    const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}, alias = '') =>
      lab.run({
        args: args.map((word) => (word === 'ENDPOINT' ? '{ENDPOINT}' : word)),
        env: { AWS_ENDPOINT_URL: '{ENDPOINT}', ...env },
        ...(alias === '' ? {} : { homeFiles: { '.aws/cli/alias': alias } }),
        responses: [BUCKETS],
      })

    test('options of version 2 and --v2-debug are taken and change nothing', async () => {
      for (const option of [
        ['--v2-debug'],
        ['--no-cli-pager'],
        ['--cli-auto-prompt'],
        ['--no-cli-auto-prompt'],
        ['--cli-binary-format', 'base64'],
        ['--cli-binary-format=raw-in-base64-out'],
      ]) {
        const after = await run(['get-buckets', '--query', 'buckets[].name', '--output', 'text', ...option])
        assert.deepEqual(
          [after.exitCode, after.stdout, after.stderr],
          [0, 'photos\tfilms\n', ''],
          option.join(' '),
        )
      }
      assert.equal((await run(['get-buckets', '--cli-binary-format', 'hex'])).exitCode, 2)
      assert.equal((await run(['get-buckets', '--no-such-option'])).exitCode, 255)
    })

    test('what they add makes no part of an option of version 1 ambiguous', async () => {
      const { stdout } = await run([
        'create-bucket',
        '--generate-cli',
        '--bundle-id',
        'x',
        '--bucket-name',
        'y',
      ])
      assert.match(stdout, /"bucketName": ""/)
      const json = await run(['get-buckets', '--cli-input', '{"bucketName":"photos"}', '--no-p'])
      assert.deepEqual([json.exitCode, json.requests[0]?.body], [0, { bucketName: 'photos' }])
    })

    test('AWS_REGION counts before the profile and after AWS_DEFAULT_REGION', async () => {
      const signedFor = async (env: Readonly<Record<string, string>>) => {
        const { requests } = await lab.run({
          args: ['get-buckets', '--endpoint-url', '{ENDPOINT}'],
          bare: true,
          env,
          config: '[default]\nregion = eu-west-3\n',
          credentials:
            '[default]\naws_access_key_id = AKIDPROFILE000000000\naws_secret_access_key = profile/secret/Example00000000000000000\n',
          responses: [BUCKETS],
        })
        return requests[0]?.signature.split(' ')[2]
      }
      assert.equal(await signedFor({}), 'eu-west-3')
      assert.equal(await signedFor({ AWS_REGION: 'eu-west-1' }), 'eu-west-1')
      assert.equal(await signedFor({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-west-2' }), 'us-west-2')
    })

    test('output and parameters as YAML', async () => {
      const yaml = await run(['get-buckets', '--output', 'yaml'])
      assert.equal(
        yaml.stdout,
        "buckets:\n- createdAt: 5.0\n  name: photos\n  tags:\n  - key: 'yes'\n- name: films\n",
      )
      assert.equal(
        (await run(['get-buckets', '--output', 'yaml', '--query', 'buckets[0].name'])).stdout,
        '"photos"\n',
      )
      assert.match(
        (await run(['get-buckets', '--output', 'yaml-stream'])).stdout,
        /^- buckets:\n {2}- createdAt/,
      )
      assert.deepEqual((await run(['get-buckets', '--output', 'off'])).stdout, '')

      const input = ['bucketName: photos', 'tags:', '- key: on', '  value: "5"'].join('\n')
      const made = await run(['create-bucket', '--cli-input-yaml', input, '--bundle-id', 'small_1_0'])
      assert.deepEqual(made.requests[0]?.body, {
        bucketName: 'photos',
        bundleId: 'small_1_0',
        tags: [{ key: 'on', value: '5' }],
      })
      const broken = await run(['create-bucket', '--cli-input-yaml', 'bucketName: [x'])
      assert.match(broken.stderr, /'cli-input-yaml': Invalid YAML: .* at line 1, column \d+/)
      assert.equal(broken.requests.length, 0)

      const sample = await run(['create-bucket', '--generate-cli-skeleton', 'yaml-input'])
      assert.match(sample.stdout, /^bucketName: '' # \[REQUIRED\] .*\nbundleId: '' # \[REQUIRED\] /)
      const output = await run(['get-buckets', '--generate-cli-skeleton', 'yaml-output'])
      assert.match(output.stdout, /^accountLevelBpaSync:\n/)
    })

    test('an alias of the shell gets the words behind it', { skip: lab.withoutProcess }, async () => {
      const said = await run(['say', "it's", '$HOME'], {}, ALIASES)
      assert.deepEqual([said.exitCode, said.stdout], [3, "said it's, $HOME\n"])
    })

    test('aliases: of a command, of another alias, and with the name of what they stand for', async () => {
      const alias = (...args: string[]) => run(args, {}, ALIASES)
      assert.equal((await alias('names')).stdout, 'photos\tfilms\n')
      assert.equal((await alias('short', '--output', 'text')).stdout, 'photos\n')
      // What the inner alias says counts, as in the reference.
      assert.equal((await alias('again')).stdout, 'photos\tfilms\n')
      assert.match((await alias('lightsail', 'get-buckets')).stdout, /^BUCKETS\t/)
      assert.match((await alias('round')).stderr, /leads back to itself/)
      assert.match((await alias('other')).stderr, /"--profile" detected in alias "other"/)
    })

    test('help and version, however they are asked for', { skip: lab.withoutProcess }, async () => {
      const first = async (...args: string[]) => {
        const { exitCode, stdout } = await run(args)
        return [exitCode, stdout.split('\n', 1)[0]]
      }
      const product = await first('help')
      for (const args of [[], ['-h'], ['--help']]) assert.deepEqual(await first(...args), product)
      assert.deepEqual(await first('-v'), await first('--version'))
      for (const name of [
        'serve',
        'account',
        'resource',
        'store',
        'use',
        'env',
        'completion',
        'create-bucket',
      ]) {
        const help = await first('help', name)
        assert.equal(help[0], 0)
        assert.deepEqual(await first(name, 'help'), help, name)
      }
      assert.equal((await first('help', 'nothing'))[0], 2)
    })
  })
}
