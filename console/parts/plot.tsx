import { useEffect, useRef, type ReactNode } from 'react'
import { Skeleton } from './notes.tsx'

/** A line over time. */
export interface PlotProps {
  readonly label: string
  /** Ascending; a null value is a gap. */
  readonly points: readonly { readonly at: number; readonly value: number | null }[]
  readonly format: (value: number) => string
  readonly formatTime: (epochMs: number) => string
}

const HEIGHT = 180
const AXIS_WIDTH = 72

/** A plot; the same numbers stand in a table for who does not see it. */
export function Plot({ label, points, format, formatTime }: PlotProps): ReactNode {
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
        const plot = new UPlot(
          {
            width: element.clientWidth,
            height: HEIGHT,
            padding: [8, 12, 0, 0],
            legend: { show: false },
            cursor: { show: false },
            scales: { y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.1 : 1] } },
            axes: [
              { ...axis, space: 90, values: (_, times) => times.map((time) => formatTime(time * 1_000)) },
              { ...axis, size: AXIS_WIDTH, values: (_, values) => values.map(format) },
            ],
            series: [
              {},
              {
                stroke: accent,
                width: 2,
                fill: `color-mix(in srgb, ${accent} 14%, transparent)`,
                // A line needs two of them.
                points: {
                  show: points.filter(({ value }) => value !== null).length < 3,
                  size: 7,
                  fill: accent,
                },
              },
            ],
          },
          [points.map(({ at }) => at / 1_000), points.map(({ value }) => value)],
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
  }, [points, format, formatTime])
  return (
    <figure className="plot">
      <div className="plot-frame" ref={frame} aria-hidden />
      <table className="unseen">
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
    </figure>
  )
}

/** The place of a plot whose numbers are on their way. */
export const PlotSkeleton = (): ReactNode => (
  <div className="plot-frame">
    <Skeleton width={40} lines={3} />
  </div>
)
