/** The candidate that a mistyped name was probably meant to be, or undefined when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined
  let nearestDistance = Math.floor(name.length / 3) + 1
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate)
    if (distance < nearestDistance) [nearest, nearestDistance] = [candidate, distance]
  }
  return nearest
}

/** How many characters must be changed, added or removed to turn one text into the other. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let line = 0; line < left.length; line++) {
    let diagonal = row[0] ?? 0
    const next = [line + 1]
    for (let column = 1; column <= right.length; column++) {
      const above = row[column] ?? 0
      const changed = diagonal + (left[line] === right[column - 1] ? 0 : 1)
      next.push(Math.min(changed, above + 1, (next[column - 1] ?? 0) + 1))
      diagonal = above
    }
    row = next
  }
  return row[right.length] ?? 0
}
