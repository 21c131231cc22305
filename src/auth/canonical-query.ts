import { reencode } from './canonical-path.ts'

const SIGNATURE_ARGUMENT = 'X-Amz-Signature'

/**
 * The canonical form of a raw query: every argument in its one encoding, sorted by name and then by value, `=` always present.
 * The argument that carries the signature itself is left out when `omitsSignature`.
 */
export function canonicalQuery(query: string, omitsSignature: boolean): string {
  if (query === '') return ''
  const names: string[] = []
  const values: string[] = []
  let isSorted = true
  for (let from = 0; from <= query.length;) {
    let end = query.indexOf('&', from)
    if (end < 0) end = query.length
    if (end > from) {
      const equals = query.indexOf('=', from)
      const hasValue = equals >= 0 && equals < end
      const name = reencode(query.slice(from, hasValue ? equals : end), false)
      if (!omitsSignature || name !== SIGNATURE_ARGUMENT) {
        const value = hasValue ? reencode(query.slice(equals + 1, end), false) : ''
        const last = names.length - 1
        isSorted &&= last < 0 || compare(names[last], values[last], name, value) <= 0
        names.push(name)
        values.push(value)
      }
    }
    from = end + 1
  }
  return isSorted ? joinInOrder(names, values) : joinSorted(names, values)
}

function joinInOrder(names: readonly string[], values: readonly string[]): string {
  let canonical = ''
  for (let at = 0; at < names.length; at++) {
    canonical += `${at === 0 ? '' : '&'}${names[at] ?? ''}=${values[at] ?? ''}`
  }
  return canonical
}

function joinSorted(names: readonly string[], values: readonly string[]): string {
  const order = names.map((_, at) => at)
  order.sort((left, right) => compare(names[left], values[left], names[right] ?? '', values[right] ?? ''))
  return joinInOrder(
    order.map((at) => names[at] ?? ''),
    order.map((at) => values[at] ?? ''),
  )
}

/** All texts are ASCII here, so that their order is that of their bytes. */
function compare(
  leftName: string | undefined,
  leftValue: string | undefined,
  rightName: string,
  rightValue: string,
): number {
  if (leftName !== rightName) return (leftName ?? '') < rightName ? -1 : 1
  if (leftValue === rightValue) return 0
  return (leftValue ?? '') < rightValue ? -1 : 1
}
