import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { findViolation, type Operation, type SequentialModel } from './linearizability.ts'

type Action = { readonly type: 'write' | 'read'; readonly value: string }

const REGISTER: SequentialModel<Action> = {
  initial: '0',
  step: (state, { type, value }) => (type === 'write' ? value : state === value ? state : null),
}

const op = (
  type: Action['type'],
  value: string,
  calledAt: number,
  answeredAt: number,
): Operation<Action> => ({
  action: { type, value },
  calledAt,
  answeredAt,
  line: `${type} ${value}`,
})
const isLinearizable = (...operations: Operation<Action>[]): boolean =>
  findViolation(operations, REGISTER) === null

it('operations one after the other have the outcomes of that order', () => {
  assert.ok(isLinearizable(op('write', '1', 1, 2), op('read', '1', 3, 4)))
  assert.ok(!isLinearizable(op('write', '1', 1, 2), op('read', '0', 3, 4)))
})

it('a read beside a write may see it or not, but a later one not less', () => {
  assert.ok(isLinearizable(op('write', '1', 1, 10), op('read', '0', 2, 3), op('read', '1', 4, 5)))
  assert.ok(!isLinearizable(op('write', '1', 1, 10), op('read', '1', 2, 3), op('read', '0', 4, 5)))
})

it('two writes at once are seen in one order by all', () => {
  const writes = [op('write', '1', 1, 4), op('write', '2', 2, 4)]
  assert.ok(isLinearizable(...writes, op('read', '1', 5, 6), op('read', '1', 7, 8)))
  assert.ok(!isLinearizable(...writes, op('read', '1', 5, 6), op('read', '2', 7, 8)))
})

it('a write of unknown outcome may happen at any time after its call, once, or never', () => {
  const unknown = op('write', '1', 1, Infinity)
  assert.ok(isLinearizable(unknown, op('read', '0', 2, 3)))
  assert.ok(isLinearizable(unknown, op('read', '0', 2, 3), op('read', '1', 4, 5)))
  assert.ok(!isLinearizable(unknown, op('read', '1', 2, 3), op('read', '0', 4, 5)))
  assert.ok(!isLinearizable(unknown, op('read', '1', 2, 3), op('write', '2', 4, 5), op('read', '1', 6, 7)))
  assert.ok(!isLinearizable(op('read', '1', 2, 3), op('write', '1', 4, Infinity)))
})

it('what happened in some order is accepted, and with one outcome changed mostly not', () => {
  const random = new SeededRandom()
  let refused = 0
  for (let round = 0; round < 200; round++) {
    const operations: Operation<Action>[] = []
    let state = '0'
    for (let at = 0; at < 40; at++) {
      const isWrite = random.below(2) === 0
      if (isWrite) state = String(at)
      // It happened at 10 × at; calls and answers lie around it.
      const [before, after] = [random.below(40), random.below(40)]
      operations.push(op(isWrite ? 'write' : 'read', state, 10 * at - before, 10 * at + after))
    }
    assert.ok(isLinearizable(...operations), `seed ${random.seed}, round ${round}`)
    const reads = operations.filter(({ action }) => action.type === 'read')
    const changed = random.oneOf(reads)
    const wrong = { ...changed, action: { ...changed.action, value: 'never written' } }
    assert.ok(!isLinearizable(...operations.map((operation) => (operation === changed ? wrong : operation))))
    const early = { ...changed, action: { ...changed.action, value: '0' } }
    if (!isLinearizable(...operations.map((operation) => (operation === changed ? early : operation))))
      refused++
  }
  assert.ok(refused > 100, `${refused} of 200`)
})
