import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it, type TestContext } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { auditLine, type AuditEntry } from './audit-line.ts'
import { AuditLog } from './audit-log.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const change = (operation: string): AuditEntry => ({ source: 's3', operation, outcome: 'succeeded' })

function world(t: TestContext, { hasFile = true } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const folder = mkdtempSync(join(tmpdir(), 'lugsail-audit-'))
  folders.push(folder)
  const path = join(folder, 'audit.log')
  const told: string[] = []
  const counts: Record<string, number> = {}
  const log = new AuditLog({
    file: hasFile ? { path, bytesMax: 1e9, filesMax: 2 } : null,
    clock: new ManualClock(),
    onFailure: () => told.push('failure'),
    onGrowth: () => told.push('growth'),
    onLoss: (count) => told.push(`loss of ${count}`),
    onLines: (count, outcome) => (counts[outcome] = (counts[outcome] ?? 0) + count),
  })
  const operations = (): unknown[] =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { operation: unknown }).operation)
  /** Something stands where the file is to be. */
  const block = (): void => mkdirSync(path)
  const unblock = (): void => rmSync(path, { recursive: true })
  return { log, told, counts, operations, block, unblock, tick: (ms: number) => t.mock.timers.tick(ms) }
}

describe('the audit log', () => {
  it('gathers lines for a moment, and writes them in order', async (t) => {
    const { log, counts, operations, tick, told } = world(t)
    log.record(change('One'))
    log.record(change('Two'))
    tick(49)
    assert.deepEqual(counts, {})
    tick(1)
    await log.flush()
    assert.deepEqual(operations(), ['One', 'Two'])
    assert.deepEqual([counts, told], [{ written: 2 }, []])
    log.record(change('Three'))
    await log.close()
    assert.deepEqual([operations().length, counts, told], [3, { written: 3 }, []])
  })

  it('keeps nothing where there is no file', async (t) => {
    const { log, counts, told } = world(t, { hasFile: false })
    log.record(change('One'))
    await log.close()
    assert.deepEqual([counts, told], [{}, []])
  })

  it('tells once that it cannot write, goes on trying, and loses nothing once it can again', async (t) => {
    const { log, told, counts, operations, block, unblock, tick } = world(t)
    block()
    log.record(change('One'))
    await log.flush()
    log.record(change('Two'))
    await log.flush()
    assert.deepEqual([told, counts], [['failure'], {}])
    log.record(change('Three'))
    unblock()
    tick(4_999)
    assert.deepEqual(counts, {}, 'what fails is not tried all the time')
    tick(1)
    await log.flush()
    assert.deepEqual(operations(), ['One', 'Two', 'Three'])
    assert.deepEqual(counts, { written: 3 })
    unblock()
    block()
    log.record(change('Four'))
    await log.flush()
    assert.deepEqual(told, ['failure', 'failure'])
  })

  it('counts what it still has when the server ends as lost', async (t) => {
    const { log, told, counts, block } = world(t)
    block()
    log.record(change('One'))
    log.record(change('Two'))
    await log.close()
    assert.deepEqual([told, counts], [['failure', 'loss of 2'], { dropped: 2 }])
    await log.close()
    assert.equal(told.length, 2)
  })

  it('holds so much while it cannot write, drops more, and has room again once it could', async (t) => {
    const { log, counts, block, unblock } = world(t)
    block()
    const details = Object.fromEntries(
      Array.from({ length: 600 }, (_, at) => [`name ${at}`, 'x'.repeat(170)]),
    )
    const entry = { ...change('PutBucketPolicy'), details }
    const lineLength = auditLine(0, entry).length
    for (let count = 0; count < 100; count++) log.record(entry)
    const dropped = counts['dropped'] ?? 0
    const held = 100 - dropped
    assert.equal(held, Math.floor((8 * 1024 * 1024) / lineLength))
    unblock()
    await log.flush()
    assert.equal(counts['written'], held)
    log.record(entry)
    await log.close()
    assert.deepEqual(counts, { dropped, written: held + 1 })
  })
})
