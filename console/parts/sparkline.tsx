import type { ReactNode } from 'react'

const BAR = 6
const GAP = 2
const HEIGHT = 24
/** A day on which there was anything is seen. */
const HEIGHT_MIN = 2

/** Bars for a number a day; `describe` tells each in words, for who does not see them. */
export function Sparkline({
  label,
  values,
  describe,
}: {
  readonly label: string
  readonly values: readonly { readonly day: string; readonly value: number }[]
  readonly describe: (day: string, value: number) => string
}): ReactNode {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const width = values.length * (BAR + GAP) - GAP
  const told = values.filter(({ value }) => value > 0).map(({ day, value }) => describe(day, value))
  return (
    <svg
      className="sparkline"
      role="img"
      aria-label={`${label}: ${told.join('; ')}`}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
    >
      {values.map(({ day, value }, at) => {
        const height = value === 0 ? 1 : Math.max(HEIGHT_MIN, (value / most) * HEIGHT)
        return (
          <rect
            key={day}
            className={value === 0 ? 'sparkline-none' : undefined}
            x={at * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
          >
            <title>{describe(day, value)}</title>
          </rect>
        )
      })}
    </svg>
  )
}
