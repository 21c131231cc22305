import { useMemo, type ReactNode } from 'react'
import { encode } from 'uqr'

/** Cells of white around it, by which readers find it. */
const BORDER = 4
/** The bytes that the largest code holds, with the least correction. */
const BYTES_MAX = 2_953

/** A text as a QR code, dark on white in both themes, since readers expect it; null when it is too long for one. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const code = useMemo(() => {
    if (text.length > BYTES_MAX) return null
    const { data, size } = encode(text, { ecc: 'L', border: BORDER })
    let path = ''
    data.forEach((row, y) =>
      row.forEach((isDark, x) => {
        if (isDark) path += `M${x} ${y}h1v1h-1z`
      }),
    )
    return { path, size }
  }, [text])
  if (!code) return null
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${code.size} ${code.size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={code.size} height={code.size} fill="#ffffff" />
      <path d={code.path} fill="#000000" />
    </svg>
  )
}
