const COLUMN_BYTES = 8

/**
 * The value of a counter row after adding `amounts` to `row` (null when the row is absent): signed 64-bit big-endian integers.
 * Columns beyond `amounts` keep their value. Never changes `row`.
 */
export function addToCounterRow(row: Uint8Array | null, amounts: readonly number[]): Buffer {
  const result = Buffer.alloc(Math.max(row?.byteLength ?? 0, amounts.length * COLUMN_BYTES))
  if (row) result.set(row)
  for (const [column, amount] of amounts.entries()) {
    const at = column * COLUMN_BYTES
    result.writeBigInt64BE(result.readBigInt64BE(at) + BigInt(amount), at)
  }
  return result
}
