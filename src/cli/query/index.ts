import type { WireValue } from '../../client/values.ts'

/** A compiled `--query`. */
export interface Query {
  search(value: WireValue): WireValue
}
