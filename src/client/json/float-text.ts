/**
 * Writes a double as AWS CLI v1 does, which is Python's shortest form: always with a fraction or an exponent, and with an exponent
 * from 1e16 up and below 1e-4 (`1625073285.0`, `1e+16`, `1e-05`). The digits are the shortest that read back to the same value.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const magnitude = Math.abs(value)
  if (value === 0 || (magnitude >= 1e-4 && magnitude < 1e16)) {
    const plain = String(value)
    return plain.includes('.') ? plain : `${plain}.0`
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  const size = exponent.slice(1).padStart(2, '0')
  return `${digits}e${exponent.startsWith('-') ? '-' : '+'}${size}`
}
