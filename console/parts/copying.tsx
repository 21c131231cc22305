import { Check, Copy, Download } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { Button } from './button.tsx'

const COPIED_MS = 2_000

/** Copies a text, also on plain http, where browsers have no clipboard for scripts. Resolves with whether it did. */
async function copyText(text: string): Promise<boolean> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard }
  if (clipboard) {
    try {
      await clipboard.writeText(text)
      return true
    } catch {
      // The other way may be allowed.
    }
  }
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  // Within a dialog, the focus may not leave it.
  const within = document.activeElement?.closest('[role=dialog], [role=alertdialog]') ?? document.body
  const focused = document.activeElement
  within.append(area)
  area.select()
  // Deprecated, and the one way that works without TLS.
  // oxlint-disable-next-line typescript/no-deprecated
  const isCopied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}

/** A button that copies a text and says so. */
export function CopyButton({
  text,
  label,
  isIcon = false,
  onCopied,
}: {
  readonly text: string
  /** What is copied, for who cannot see it. */
  readonly label: string
  readonly isIcon?: boolean
  readonly onCopied?: () => void
}): ReactNode {
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <Button
      weight={isIcon ? 'icon' : 'plain'}
      aria-label={`${isCopied ? texts.copied : texts.copy}: ${label}`}
      onPress={() =>
        void copyText(text).then((done) => {
          setIsCopied(done)
          if (done) onCopied?.()
        })
      }
    >
      {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      {!isIcon && (isCopied ? texts.copied : texts.copy)}
    </Button>
  )
}

/** A short text that can be copied. */
export const CopyField = ({ text, label }: { readonly text: string; readonly label: string }): ReactNode => (
  <span className="copy-field">
    <code>{text}</code>
    <CopyButton text={text} label={label} isIcon />
  </span>
)

/** Commands or code that can be copied. */
export const Snippet = ({
  text,
  label,
  onCopied,
}: {
  readonly text: string
  readonly label: string
  readonly onCopied?: () => void
}): ReactNode => (
  <div className="snippet">
    <pre tabIndex={0} aria-label={label}>
      {text}
    </pre>
    <CopyButton text={text} label={label} {...(onCopied && { onCopied })} />
  </div>
)

/** A button that saves a text as a file. */
export const DownloadButton = ({
  text,
  fileName,
  onSaved,
}: {
  readonly text: string
  readonly fileName: string
  readonly onSaved?: () => void
}): ReactNode => (
  <Button
    onPress={() => {
      saveBlob(new Blob([text], { type: 'text/plain' }), fileName)
      onSaved?.()
    }}
  >
    <Download aria-hidden />
    {texts.download}
  </Button>
)

const REVOKE_MS = 60_000

/** Has the browser save bytes as a file. */
export function saveBlob(blob: Blob, fileName: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  // The browser may begin to read only after this task.
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS)
}
