import { findViolation, type Operation, type SequentialModel } from './linearizability.ts'
import { accessKeyModel, objectModel, type AccessKeyAction, type ObjectAction } from './object-model.ts'
import type { Timeline } from './timeline.ts'

/** What clients asked for and were told, by object key and by access key. */
export class Histories {
  readonly #timeline: Timeline
  readonly #objects = new Map<string, Operation<ObjectAction>[]>()
  readonly #accessKeys = new Map<string, Operation<AccessKeyAction>[]>()
  readonly problems: string[] = []
  readonly #etagOf: (id: string) => string
  readonly #seen = new Map<string, string>()
  #moments = 0

  constructor(timeline: Timeline, etagOf: (id: string) => string) {
    this.#timeline = timeline
    this.#etagOf = etagOf
  }

  /** A moment behind all others so far. */
  moment(): number {
    return ++this.#moments
  }

  /** What was seen of an object; `isCertain` false: nobody was told whether it happened. */
  addObject(key: string, calledAt: number, action: ObjectAction, isCertain = true): void {
    if ((action.type === 'sees' || action.type === 'put') && action.id !== null)
      this.#seen.set(key, action.id)
    this.#add(this.#objects, key, { calledAt, action, isCertain })
  }

  addAccessKey(accessKeyId: string, calledAt: number, action: AccessKeyAction, isCertain = true): void {
    this.#add(this.#accessKeys, accessKeyId, { calledAt, action, isCertain })
  }

  /** A version that was current once, and may still be. */
  lastSeen(key: string): string | null {
    return this.#seen.get(key) ?? null
  }

  get operations(): number {
    let count = 0
    for (const all of this.#objects.values()) count += all.length
    return count
  }

  /** What is wrong, in words. */
  violations(): string[] {
    return [
      ...this.problems,
      ...violationsOf(this.#objects, objectModel(this.#etagOf)),
      ...violationsOf(this.#accessKeys, accessKeyModel),
    ]
  }

  #add<A extends object>(
    histories: Map<string, Operation<A>[]>,
    name: string,
    told: { readonly calledAt: number; readonly action: A; readonly isCertain: boolean },
  ): void {
    const answeredAt = told.isCertain ? this.moment() : Infinity
    const line = `${told.calledAt}–${told.isCertain ? answeredAt : '?'} ${JSON.stringify(told.action)}`
    this.#timeline.note(`${name}: ${line}`)
    const history = histories.get(name)
    const operation = { ...told, answeredAt, line: `${this.#timeline.nowMs.toFixed(3)} ${line}` }
    if (history) history.push(operation)
    else histories.set(name, [operation])
  }
}

function violationsOf<A>(
  histories: ReadonlyMap<string, readonly Operation<A>[]>,
  model: SequentialModel<A>,
): string[] {
  const found: string[] = []
  for (const [name, history] of histories) {
    const longest = findViolation(history, model)
    if (!longest) continue
    const lines = history.map((operation) => `  ${longest.includes(operation) ? ' ' : '!'} ${operation.line}`)
    found.push(
      [`${name} has outcomes that no order explains (! is what no order that was tried has)`, ...lines].join(
        '\n',
      ),
    )
  }
  return found
}
