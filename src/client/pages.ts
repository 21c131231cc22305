import type { Operation, Pagination } from '../model/operation.ts'
import { ClientError, ParameterValidationError } from './errors.ts'
import { readJson } from './json/read.ts'
import { writeJson } from './json/write.ts'
import { notation } from './python-text.ts'
import { isInteger, isList, isNothing, isRecord } from './values.ts'
import type { WireRecord, WireValue } from './values.ts'

/** Where a walk over pages begins and ends. */
export interface PageLimits {
  /** Where to go on, as an earlier walk's `resumeToken` or the service's own token. */
  readonly startingToken?: string | undefined
  /** How many items to give over all pages. */
  readonly itemsMax?: number | undefined
}

/** Calls an operation; what the walk asks of a client. */
export interface OperationCaller {
  call(operation: Operation, parameters: WireRecord): Promise<WireRecord>
}

/** Where a walk stood when it was cut short inside a page: how many of the page's items had been given. */
const TRUNCATE_AMOUNT = 'boto_truncate_amount'

/**
 * Walks the pages of an operation, one call after the other, to the end or to the limit. The form of the token is AWS CLI's, so a
 * walk begun there can go on here.
 */
export class PageWalk {
  readonly #client: OperationCaller
  readonly #operation: Operation
  readonly #pagination: Pagination
  readonly #parameters: WireRecord
  readonly #limits: PageLimits
  #resumeToken: string | undefined

  constructor(
    client: OperationCaller,
    operation: Operation & { readonly pagination: Pagination },
    parameters: WireRecord,
    limits: PageLimits,
  ) {
    this.#client = client
    this.#operation = operation
    this.#pagination = operation.pagination
    this.#parameters = new Map(parameters)
    this.#limits = limits
  }

  /** Known once the walk has ended: what to start the next one with, when items are left. */
  get resumeToken(): string | undefined {
    return this.#resumeToken
  }

  /** The output's member that the pages add up to. */
  get resultName(): string {
    return this.#pagination.result
  }

  /** All pages put together, as one output. */
  async collect(): Promise<WireRecord> {
    const all: WireRecord = new Map()
    for await (const page of this.pages()) {
      const items = page.get(this.resultName) ?? null
      const before = all.get(this.resultName)
      if (items === null) continue
      if (isList(before) && isList(items)) for (const item of items) before.push(item)
      else if (before === undefined) all.set(this.resultName, items)
    }
    if (this.#resumeToken !== undefined) all.set('NextToken', this.#resumeToken)
    return all
  }

  /** The outputs one by one, the first and last cut to the limits. */
  async *pages(): AsyncGenerator<WireRecord, void, undefined> {
    const { inputToken, outputToken, result } = this.#pagination
    const { itemsMax } = this.#limits
    const start = this.#start()
    let token = start?.token ?? null
    let previousToken: WireValue | undefined
    let skipped = start?.skip ?? 0
    let given = 0
    if (start !== undefined) this.#setToken(inputToken, token)
    for (let isFirst = true; ; isFirst = false) {
      const page = await this.#client.call(this.#operation, this.#parameters)
      if (isFirst && start !== undefined) {
        const items = page.get(result) ?? null
        page.set(result, isList(items) ? items.slice(skipped) : null)
      } else skipped = 0
      const found = page.get(result) ?? null
      const items = isList(found) ? found : []
      const excess = itemsMax === undefined ? 0 : given + items.length - itemsMax
      if (excess > 0) {
        const kept = items.length - excess
        page.set(result, items.slice(0, kept))
        this.#resumeToken = encodeToken(inputToken, token, kept + skipped)
        yield page
        return
      }
      yield page
      given += items.length
      token = page.get(outputToken) ?? null
      if (isNothing(token)) return
      if (itemsMax !== undefined && given === itemsMax) {
        this.#resumeToken = encodeToken(inputToken, token)
        return
      }
      if (previousToken === token)
        throw new ClientError(
          `Error during pagination: The same next token was received twice: ${notation(new Map([[inputToken, token]]))}`,
        )
      this.#setToken(inputToken, token)
      previousToken = token
    }
  }

  #setToken(name: string, token: WireValue): void {
    if (token !== null && token !== 'None') this.#parameters.set(name, token)
    else this.#parameters.delete(name)
  }

  #start(): { readonly token: WireValue; readonly skip: number } | undefined {
    const { startingToken } = this.#limits
    if (startingToken === undefined) return undefined
    const decoded = decodeToken(startingToken)
    if (decoded !== undefined) {
      const skip = decoded.get(TRUNCATE_AMOUNT)
      const { inputToken } = this.#pagination
      const unknown = [...decoded.keys()].find((name) => name !== inputToken && name !== TRUNCATE_AMOUNT)
      if (unknown !== undefined)
        throw new ParameterValidationError([
          `Unknown parameter in input: "${unknown}", must be one of: ${inputToken}`,
        ])
      const token = decoded.get(inputToken) ?? null
      return { token, skip: isInteger(skip) ? Number(skip) : 0 }
    }
    // The oldest form: the service's token, then how many items of its page had been given.
    const [token = '', count, ...more] = startingToken.split('___')
    if (count !== undefined && more.length === 0 && /^\s*[-+]?\d+\s*$/.test(count))
      return { token: token === 'None' ? null : token, skip: Number(count) }
    if (more.length > 0) throw new ClientError(`Bad starting token: ${startingToken}`)
    return { token: startingToken === 'None' ? null : startingToken, skip: 0 }
  }
}

function encodeToken(name: string, token: WireValue, truncateAmount?: number): string {
  const record: WireRecord = new Map([[name, token]])
  if (truncateAmount !== undefined) record.set(TRUNCATE_AMOUNT, truncateAmount)
  return Buffer.from(writeJson(record, { isAscii: true })).toString('base64')
}

/** The token's record, or undefined when it is not one of ours but the service's own. */
function decodeToken(token: string): WireRecord | undefined {
  const digits = token.replace(/[^A-Za-z0-9+/]/g, '')
  if (digits === '' || digits.length % 4 === 1) return undefined
  try {
    const record = readJson(Buffer.from(digits, 'base64').toString('utf8'))
    return isRecord(record) ? record : undefined
  } catch {
    // Not JSON: the service's own token.
    return undefined
  }
}
