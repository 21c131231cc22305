import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { toApiError, type ApiError } from '../api/api-error.ts'
import { SessionEnded } from '../session/session-ended.tsx'
import { texts } from '../texts/texts.ts'
import { Button } from './button.tsx'

const ICONS = { info: Info, good: CircleCheck, warning: TriangleAlert, error: CircleAlert }

/** A remark within a page. */
export function Note({
  kind = 'info',
  children,
}: {
  readonly kind?: keyof typeof ICONS
  readonly children: ReactNode
}): ReactNode {
  const Icon = ICONS[kind]
  return (
    <div className={`note note-${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      <Icon aria-hidden />
      <div className="stack-tight">{children}</div>
    </div>
  )
}

/** Why something failed and what to do about it, in words. */
export function explain(error: ApiError): { readonly why: string; readonly todo: string | null } {
  const refusal = explainRefusal(error)
  if (refusal) return refusal
  const known = texts.errors.codes[error.code]
  if (known)
    return { why: known.why, todo: isClockTrouble(error) ? error.message : (error.hint ?? known.todo) }
  return { why: error.message === '' ? error.code : error.message, todo: error.hint }
}

/** What is refused whatever the key may do, as object lock does: S3 has one code for both, and the message tells. Null: it is no such refusal. */
function explainRefusal({ code, message }: ApiError): ReturnType<typeof explain> | null {
  if (code !== 'AccessDenied') return null
  const { locked } = texts.errors
  const mode = /retained in (GOVERNANCE|COMPLIANCE) mode/.exec(message)?.[1]
  if (mode === 'GOVERNANCE' || mode === 'COMPLIANCE') return locked[mode]
  return message.includes('under legal hold') ? locked.hold : null
}

/** A signature can also be refused for the time in it: the server then tells how far the clocks differ. */
const isClockTrouble = ({ code, message }: ApiError): boolean =>
  code === 'SignatureDoesNotMatch' && message.includes('clock')

/** An error: what happened, why, and what to do. */
export function ErrorNote({
  what = texts.errors.what,
  error,
  onRetry,
}: {
  /** What did not happen: "photos wasn't deleted". */
  readonly what?: string
  readonly error: unknown
  readonly onRetry?: () => void
}): ReactNode {
  const found = toApiError(error)
  const { why, todo } = explain(found)
  return (
    <Note kind="error">
      <p>
        <strong>{what}:</strong> {why} {todo}
      </p>
      {found.requestId !== null && found.status >= 500 && (
        <p className="muted">{texts.errors.request(found.requestId)}</p>
      )}
      <SessionEnded error={found} />
      {onRetry && (
        <div>
          <Button onPress={onRetry}>{texts.retry}</Button>
        </div>
      )}
    </Note>
  )
}

/** A grey place for what is on its way; `width` in characters. */
export const Skeleton = ({
  width = 12,
  lines = 1,
}: {
  readonly width?: number
  readonly lines?: number
}): ReactNode => (
  <span className="stack-tight" aria-busy="true">
    {Array.from({ length: lines }, (_, at) => (
      <span
        key={at}
        className="skeleton"
        style={{ width: `${width}ch`, maxWidth: '100%', height: 14 }}
        aria-hidden
      />
    ))}
    <span className="unseen">{texts.loading}</span>
  </span>
)

/** What a page says that has nothing to show yet. */
export const Empty = ({
  title,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
}): ReactNode => (
  <section className="empty">
    <h2>{title}</h2>
    {children}
  </section>
)
