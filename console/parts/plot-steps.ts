/** How a value is counted, which says what round numbers of it are: bytes by powers of 1024, all else by tens. */
export type PlotUnit = 'bytes' | 'count'

const LINES_MAX = 4

/** Round values from 0 to what is highest or just above, about four steps; 0 alone where there is nothing higher. */
export function roundSteps(highest: number, unit: PlotUnit): readonly number[] {
  if (highest <= 0) return [0]
  const step = roundStep(highest / LINES_MAX, unit)
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, at) => at * step)
}

/** The least round number that is not below a value, and a whole one. */
function roundStep(value: number, unit: PlotUnit): number {
  const base = unit === 'bytes' ? 1024 : 1000
  const power = base ** Math.max(0, Math.floor(Math.log(value) / Math.log(base)))
  const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  const factor = rounds.find((round) => round * power >= value)
  return factor === undefined ? base * power : factor * power
}
