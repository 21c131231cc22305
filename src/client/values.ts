/**
 * Values as they travel between the command line and the service: JSON values that keep what JavaScript's own would lose and
 * what a user sees in the output, namely whether a number was written as an integer or with a fraction (`5` or `5.0`), integers
 * beyond 2^53, and the order of an object's members.
 */
export type WireValue =
  | null
  | boolean
  | string
  /** An integer within ±(2^53 − 1). */
  | number
  /** An integer beyond that. */
  | bigint
  | Float
  | Instant
  /** Bytes of a `fileb://` argument; no parameter of the control plane takes them. */
  | Uint8Array
  | WireValue[]
  | WireRecord

/** An object: its members in the order in which they came. */
export type WireRecord = Map<string, WireValue>

/** An object that error messages show as Python shows one that keeps its order: JSON that was typed as a parameter. */
export class OrderedRecord extends Map<string, WireValue> {}

/** A number written with a fraction or an exponent; stays one also when its value is whole. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A point in time of a sample output. JSON shows it in ISO 8601, text and tables with a space before the time. */
export class Instant {
  readonly iso: string

  constructor(iso: string) {
    this.iso = iso
  }
}

/** Whether a value is an object. */
export const isRecord = (value: WireValue | undefined): value is WireRecord => value instanceof Map
/** Whether a value is a list. */
export const isList = (value: WireValue | undefined): value is WireValue[] => Array.isArray(value)
/** Whether a value is an integer of any size; a whole {@link Float} is none. */
export const isInteger = (value: WireValue | undefined): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

/** What AWS CLI, a Python program, takes for nothing. */
export const isNothing = (value: WireValue): boolean =>
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  (value instanceof Float && value.value === 0) ||
  (isList(value) && value.length === 0) ||
  (isRecord(value) && value.size === 0)

/** Parses the digits of an integer to a number where it is exact, else to a bigint. */
export function toInteger(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}
