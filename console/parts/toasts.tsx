import { X } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'
import { texts } from '../texts/texts.ts'
import { Button } from './button.tsx'

interface Toast {
  readonly id: number
  readonly text: string
}

/** Long enough to be read; errors are told where they happen, not here. */
const SHOWN_MS = 6_000
const SHOWN_MAX = 3

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function set(changed: readonly Toast[]): void {
  toasts = changed
  for (const listener of listeners) listener()
}

const dismiss = (id: number): void => set(toasts.filter((toast) => toast.id !== id))

/** Says that something is done. */
export function toast(text: string): void {
  const id = nextId++
  set([...toasts, { id, text }].slice(-SHOWN_MAX))
  setTimeout(() => dismiss(id), SHOWN_MS)
}

/** Where they appear: once, in the shell. */
export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="toasts" role="status">
      {shown.map(({ id, text }) => (
        <div className="toast" key={id}>
          <span>{text}</span>
          <Button weight="icon" aria-label={texts.dismiss} onPress={() => dismiss(id)}>
            <X aria-hidden />
          </Button>
        </div>
      ))}
    </div>
  )
}
