const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** A number of bytes for people: `12.3 MiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  let value = bytes
  let unit = -1
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value.toFixed(1)} ${UNITS[unit] ?? ''}`
}
