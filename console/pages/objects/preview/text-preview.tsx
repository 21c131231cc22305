import { useQuery } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import type { ObjectAddress } from '../../../api/s3/objects.ts'
import { formatBytes } from '../../../parts/formats.ts'
import { ErrorNote, Skeleton } from '../../../parts/notes.tsx'
import { useSession } from '../../../session/session-context.tsx'
import { texts } from '../../../texts/texts.ts'
import { bytesKey, readBytes } from './read-bytes.ts'
import { readCsv } from './read-csv.ts'

const words = texts.objects.preview
/** More of a text is not shown. */
const TEXT_BYTES_MAX = 512 * 1024

/** A text as it is: never as markup. JSON is indented, CSV is a table. */
export function TextPreview({
  address,
  kind,
  size,
}: {
  readonly address: ObjectAddress
  readonly kind: 'text' | 'json' | 'csv'
  readonly size: number
}): ReactNode {
  const { session } = useSession()
  const found = useQuery({
    queryKey: bytesKey(address, 'text'),
    queryFn: async ({ signal }) => {
      const bytes = await readBytes(session, address, { bytesMax: Math.min(size, TEXT_BYTES_MAX), signal })
      return new TextDecoder().decode(await bytes.arrayBuffer())
    },
  })
  const isCut = size > TEXT_BYTES_MAX
  if (found.isError) return <ErrorNote what={words.failed} error={found.error} />
  if (found.data === undefined) return <Skeleton width={40} lines={6} />
  return (
    <div className="stack-tight">
      {kind === 'csv' ? (
        <CsvView text={found.data} />
      ) : (
        <TextView text={found.data} isJson={kind === 'json' && !isCut} />
      )}
      {isCut && <p className="muted">{words.cut(formatBytes(TEXT_BYTES_MAX))}</p>}
    </div>
  )
}

function TextView({ text, isJson }: { readonly text: string; readonly isJson: boolean }): ReactNode {
  const shown = useMemo(() => (isJson ? indented(text) : text), [text, isJson])
  return (
    <>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre className="preview-text" tabIndex={0} aria-label={words.text}>
        {shown}
      </pre>
    </>
  )
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function CsvView({ text }: { readonly text: string }): ReactNode {
  const table = useMemo(() => readCsv(text), [text])
  return (
    <>
      {/* It scrolls, so the keyboard must reach it. */}
      <div className="preview-table" tabIndex={0} role="region" aria-label={words.table}>
        <table>
          <thead>
            <tr>
              {table.header.map((cell, at) => (
                <th key={at} scope="col">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, at) => (
              <tr key={at}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.isCut && <p className="muted">{words.tableCut}</p>}
    </>
  )
}
