import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { ObjectLab } from './object-lab.ts'
import { describeObjectCommands } from './object-suite.ts'

const lineCount = (text: string): number => text.split('\n').length - 1

const lab = new ObjectLab()
describeObjectCommands(lab)

describe('lugsail rm', () => {
  it('deletes one object, or more than one call may name below a prefix, and only those', async () => {
    await lab.bucket('full')
    for (const part of Array.from({ length: 11 }, (_, index) => index))
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => lab.put('full', `many/${part}/${index}`, 'x')),
      )
    for (const key of ['many', 'manyfold', 'one']) await lab.put('full', key, 'x')
    assert.equal((await lab.run('rm', 's3://full/one')).stdout, 'delete: s3://full/one\n')
    const dry = await lab.run('rm', '--recursive', 's3://full/many', '--dryrun')
    assert.match(dry.stdout, /^\(dryrun\) delete: s3:\/\/full\/many\/0\/0\n/)
    const { exitCode, stdout } = await lab.run('rm', '--recursive', 's3://full/many')
    assert.deepEqual([exitCode, lineCount(stdout)], [0, 1100])
    const { stdout: rest } = await lab.run('ls', 'full', '--recursive')
    assert.deepEqual(
      rest
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(31)),
      ['many', 'manyfold'],
    )
    // Without s3:// a local file may have been meant, and without a key all of the bucket.
    for (const word of ['full/many', 's3://full', 's3://full/'])
      assert.equal((await lab.run('rm', word)).exitCode, 2)
  })
})

describe('the commands on objects in a shell', () => {
  before(async () => {
    await lab.bucket('shell')
  })

  it('work in pipes, in both directions', async () => {
    const { stdout, exitCode } = await lab.shell(
      'printf "from a pipe" | lugsail cp - s3://shell/piped --quiet && lugsail cp s3://shell/piped - | tr a-z A-Z',
    )
    assert.deepEqual([exitCode, stdout], [0, 'FROM A PIPE'])
    assert.equal((await lab.shell('lugsail cat shell/piped | head -c 4')).stdout, 'from')
    assert.equal((await lab.run('cp', '-', 's3://shell/folder/')).exitCode, 2)
  })

  it('carry nothing as nothing, from a file and from a pipe', async () => {
    lab.file('void', '')
    const { exitCode, stdout, stderr } = await lab.shell(
      'lugsail cp void s3://shell/void --quiet && : | lugsail cp - s3://shell/void2 --quiet && lugsail cat shell/void && lugsail cp s3://shell/void2 void3 --quiet && wc -c < void3',
    )
    assert.deepEqual([exitCode, stdout.trim(), stderr], [0, '0', ''])
  })

  it('have the mode that the umask leaves, or that of the file that they replace', async () => {
    await lab.put('shell', 'mode', 'new')
    await lab.shell('umask 027; lugsail cp s3://shell/mode fresh')
    assert.equal(statSync(join(lab.cwd, 'fresh')).mode & 0o777, 0o640)
    await lab.shell(
      'umask 022; echo old > closed; chmod 600 closed; ln -s closed link; lugsail cp s3://shell/mode link',
    )
    assert.equal(statSync(join(lab.cwd, 'closed')).mode & 0o777, 0o600)
    assert.equal(readFileSync(join(lab.cwd, 'closed'), 'utf8'), 'new')
    const device = await lab.run('cp', 's3://shell/mode', '/dev/null')
    assert.equal(device.exitCode, 0)
    assert.ok(statSync('/dev/null').isCharacterDevice())
  })

  it('take the profile that the environment names', async () => {
    await lab.put('shell', 'named', 'named body')
    const { endpoint, region, credentials } = lab.server
    writeFileSync(
      join(lab.home, '.aws/config'),
      `[profile named]\nregion = ${region}\nendpoint_url = ${endpoint}\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\n`,
    )
    const unset = 'unset AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION'
    assert.equal(
      (await lab.shell(`${unset}; AWS_PROFILE=named lugsail cat shell/named`)).stdout,
      'named body',
    )
  })
})
