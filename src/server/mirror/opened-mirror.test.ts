import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { identify, newEngines } from '../../../test/backup/backup-world.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { parseRetention } from '../backup/retention.ts'
import { ConfigurationError } from '../configuration/errors.ts'
import { Mirror } from './mirror.ts'
import { readMirrorMark } from './mirror-mark.ts'

const root = mkdtempSync(join(tmpdir(), 'lugsail-opened-mirror-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function newWorld() {
  const world = await ObjectWorld.make({}, newEngines())
  await identify(world.context)
  const openAt = (to: string) =>
    Mirror.open({
      context: world.context,
      to,
      retention: parseRetention('5') ?? [],
      onDamage: (what) => assert.fail(what),
    })
  return { world, openAt }
}
const refusal = (said: RegExp) => (error: unknown) => error instanceof Error && said.test(error.message)

describe('the place of a mirror', () => {
  it('is made where it is not there, and taken by one process at a time', async () => {
    const { world, openAt } = await newWorld()
    const to = join(root, 'made', 'below')
    const mirror = await openAt(to)
    assert.ok(readdirSync(to).includes('blobs'))
    assert.ok((await readMirrorMark(world.context.metadata)) !== null, 'commits note what they change')
    assert.deepEqual([mirror.isNear, mirror.oldestAt], [false, null])
    await assert.rejects(openAt(to), refusal(/./))
    await mirror.round()
    assert.ok(mirror.isNear)
    await mirror.close()
    const again = await openAt(to)
    await again.round()
    await again.close()
  })

  it('is named as the mirror in what is said where it cannot be made', async () => {
    const { openAt } = await newWorld()
    writeFileSync(join(root, 'file'), '')
    await assert.rejects(openAt(join(root, 'file', 'mirror')), refusal(/^mirror: .*file/))
    await assert.rejects(openAt('ftp://host/place'), refusal(/^mirror: expected a folder or s3:/))
  })

  it('is no other store’s, and stays free for that one', async () => {
    const [{ openAt }, other] = [await newWorld(), await newWorld()]
    const to = join(root, 'another’s')
    const mirror = await openAt(to)
    await mirror.round()
    await mirror.close()
    await assert.rejects(other.openAt(to), (error) => error instanceof ConfigurationError)
    await (await openAt(to)).close()
  })
})
