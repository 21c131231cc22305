import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collectDocument } from './collect-document.ts'
import { DocumentBudget, WholeBodies } from './document-budget.ts'

const options = (budget: DocumentBudget, bytesMax = 1_000_000) => ({
  bytesMax,
  budget,
  tooLong: () => new Error('too long'),
  crowded: () => new Error('crowded'),
})

async function* pieces(count: number, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < count; piece++) yield Buffer.alloc(sizeBytes, piece)
}

/** Gives one piece, and then nothing for ever. */
async function* stuck(sizeBytes: number): AsyncGenerator<Buffer> {
  yield Buffer.alloc(sizeBytes)
  await new Promise<never>(() => undefined)
}

const taken = async (budget: DocumentBudget, atLeast: number): Promise<void> => {
  while (budget.takenBytes < atLeast) await new Promise(setImmediate)
}

describe('a document that is collected', () => {
  it('is what came, and gives its memory back when it is released', async () => {
    const budget = new DocumentBudget(1_000_000)
    const { bytes, release } = await collectDocument(pieces(20_000, 1), options(budget))
    assert.equal(bytes.length, 20_000)
    assert.deepEqual([...bytes.subarray(254, 258)], [254, 255, 0, 1])
    assert.ok(budget.takenBytes >= 20_000 && budget.takenBytes <= 40_000)
    release()
    release()
    assert.equal(budget.takenBytes, 0)
  })

  it('takes no memory for what was announced before a good share of it came', async () => {
    const budget = new DocumentBudget(1_000_000)
    const announced = { ...options(budget), announcedBytes: 400_000 }
    const slow = collectDocument(stuck(40_000), announced)
    slow.catch(() => undefined)
    await taken(budget, 40_000)
    assert.equal(budget.takenBytes, 40_000)
    const { bytes, release } = await collectDocument(pieces(40, 10_000), announced)
    assert.equal(bytes.length, 400_000)
    assert.equal(budget.takenBytes, 440_000)
    release()
  })

  it('is refused as soon as it is too long', async () => {
    const budget = new DocumentBudget(1_000_000)
    await assert.rejects(collectDocument(pieces(3, 100), options(budget, 250)), /too long/)
    assert.equal(budget.takenBytes, 0)
  })

  it('is given up for others when it does not come and they need its memory', async () => {
    const budget = new DocumentBudget(100_000)
    const slow = assert.rejects(collectDocument(stuck(60_000), options(budget)), /crowded/)
    await taken(budget, 60_000)
    const { bytes } = await collectDocument(pieces(1, 60_000), options(budget))
    await slow
    assert.equal(bytes.length, 60_000)
  })

  it('is refused when it alone would be more than the budget', async () => {
    const budget = new DocumentBudget(10_000)
    await assert.rejects(collectDocument(pieces(20, 1_000), options(budget)), /crowded/)
    assert.equal(budget.takenBytes, 0)
  })

  it('fails as its source does', async () => {
    const budget = new DocumentBudget(10_000)
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10)
      throw new Error('gone')
    }
    await assert.rejects(collectDocument(broken(), options(budget)), /gone/)
    assert.equal(budget.takenBytes, 0)
  })
})

it('small bodies are taken whole while there is room for them', () => {
  const bodies = new WholeBodies(100)
  const release = bodies.take(60)
  assert.ok(release)
  assert.equal(bodies.take(60), null)
  release()
  assert.ok(bodies.take(60))
})
