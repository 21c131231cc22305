import { useEffect, useRef, type ReactNode } from 'react'
import { Skeleton } from './notes.tsx'
import { roundSteps, type PlotUnit } from './plot-steps.ts'

/** Values over time. */
export interface PlotProps {
  readonly label: string
  /** Ascending; a null value is a gap. */
  readonly points: readonly { readonly at: number; readonly value: number | null }[]
  /** What stood at each time is a line; what was counted in each, bars from that time on. */
  readonly kind: 'line' | 'bars'
  readonly unit: PlotUnit
  readonly format: (value: number) => string
  readonly formatTime: (epochMs: number) => string
}

const HEIGHT = 180
const AXIS_WIDTH = 64
/** What a label of a time takes, and some room. */
const LABEL_WIDTH = 72
const BAR_PART = 0.7
const BAR_WIDTH_MAX = 24

/** A plot; the same numbers stand in a table for who does not see it. */
export function Plot({ label, points, kind, unit, format, formatTime }: PlotProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    let isOver = false
    let remove = (): void => undefined
    void import('uplot').then(({ default: UPlot }) => {
      if (isOver) return
      const colour = (name: string): string => {
        const probe = document.createElement('span')
        probe.style.color = `var(${name})`
        element.append(probe)
        const { color } = getComputedStyle(probe)
        probe.remove()
        return color
      }
      const draw = (): (() => void) => {
        const [accent, muted, line] = [colour('--accent'), colour('--muted'), colour('--line')]
        const axis = {
          stroke: muted,
          grid: { stroke: line, width: 1 },
          ticks: { show: false },
          font: '12px system-ui',
        }
        const values = points.map(({ value }) => value)
        const steps = roundSteps(Math.max(0, ...values.map((value) => value ?? 0)), unit)
        const times = points.map(({ at }) => at / 1_000)
        const each = (times[1] ?? 1) - (times[0] ?? 0)
        // From the newest on backwards, as many as find room.
        const labelled = Math.ceil((times.length * LABEL_WIDTH) / (element.clientWidth - AXIS_WIDTH))
        const shownTimes = times.filter((_, at) => (times.length - 1 - at) % labelled === 0)
        const plot = new UPlot(
          {
            width: element.clientWidth,
            height: HEIGHT,
            padding: [8, LABEL_WIDTH / 2, 0, 0],
            legend: { show: false },
            cursor: { show: false },
            scales: {
              x: { range: (_, first, last) => [first - each / 2, last + each / 2] },
              y: { range: [0, (steps.at(-1) ?? 0) || 1] },
            },
            axes: [
              {
                ...axis,
                size: 28,
                grid: { show: false },
                splits: () => shownTimes,
                values: (_, shown) => shown.map((time) => formatTime(time * 1_000)),
              },
              {
                ...axis,
                size: AXIS_WIDTH,
                splits: () => [...steps],
                values: (_, shown) => shown.map(format),
              },
            ],
            series: [
              {},
              {
                ...(kind === 'bars'
                  ? {
                      fill: accent,
                      width: 0,
                      paths: UPlot.paths.bars?.({ size: [BAR_PART, BAR_WIDTH_MAX] }),
                      points: { show: false },
                    }
                  : {
                      stroke: accent,
                      width: 2,
                      fill: `color-mix(in srgb, ${accent} 14%, transparent)`,
                      // A line needs two of them.
                      points: {
                        show: values.filter((value) => value !== null).length < 3,
                        size: 7,
                        fill: accent,
                      },
                    }),
              },
            ],
          },
          [times, values],
          element,
        )
        return () => plot.destroy()
      }
      let destroy = draw()
      const again = (): void => {
        destroy()
        destroy = draw()
      }
      const sizes = new ResizeObserver(again)
      sizes.observe(element)
      const themes = new MutationObserver(again)
      themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
      const dark = matchMedia('(prefers-color-scheme: dark)')
      dark.addEventListener('change', again)
      remove = () => {
        sizes.disconnect()
        themes.disconnect()
        dark.removeEventListener('change', again)
        destroy()
      }
    })
    return () => {
      isOver = true
      remove()
    }
  }, [points, kind, unit, format, formatTime])
  return (
    <figure className="plot">
      <div className="plot-frame" ref={frame} aria-hidden />
      {/* A table is never smaller than what it holds. */}
      <div className="unseen">
        <table>
          <caption>{label}</caption>
          <tbody>
            {points.map(({ at, value }) => (
              <tr key={at}>
                <th scope="row">{formatTime(at)}</th>
                <td>{value === null ? '' : format(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

/** The place of a plot whose numbers are on their way. */
export const PlotSkeleton = (): ReactNode => (
  <div className="plot-frame">
    <Skeleton width={40} lines={3} />
  </div>
)
